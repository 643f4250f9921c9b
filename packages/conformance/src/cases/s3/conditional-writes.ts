import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import type { Expectation } from '../../model/expectation.ts';
import type { Headers, S3Step, Step } from '../../model/step.ts';
import { sources } from '../sources.ts';
import { needsOf, s3Modes, threeS3Modes, type S3Mode } from './encryption.ts';
import { s3Case } from './s3-case.ts';

const content: Content = { text: 'what is there' };
const newer: Content = { text: 'what is to be written' };
const otherTag = '"0123456789abcdef0123456789abcdef"';

function put({ writing }: S3Mode, of: Content, headers: Headers = {}): S3Step {
  return { do: 's3', name: 'put', method: 'PUT', key: 'k', content: of, headers: { ...writing, ...headers } };
}

function get({ reading }: S3Mode, of: Content): Step {
  return { do: 's3', method: 'GET', key: 'k', headers: reading, expect: { status: 200, body: { content: of } } };
}

const ifNew: Headers = { 'If-None-Match': '*' };
const failed: Expectation = { status: 412, code: 'PreconditionFailed' };

type Fields = Pick<ConformanceCase, 'title' | 'requirement' | 'steps'> & Partial<ConformanceCase>;

function conditionCase(id: string, fields: Fields): ConformanceCase {
  return s3Case({
    source: sources.s3Conditional,
    ...fields,
    id: `s3/conditional-writes/${id}`,
    needs: ['conditional-writes', ...(fields.needs ?? [])],
  });
}

const puts = threeS3Modes.flatMap((mode) => [
  conditionCase(`${mode.id}/if-new`, {
    title: `${mode.title}, written only if it is new`,
    requirement: 'With If-None-Match: *, an object is written only if there is none of its key.',
    needs: needsOf(mode),
    steps: [
      { ...put(mode, content, ifNew), expect: { status: 200, headers: mode.headers } },
      { ...put(mode, newer, ifNew), expect: failed },
      get(mode, content),
    ],
  }),
  conditionCase(`${mode.id}/if-match`, {
    title: `${mode.title}, replaced only if it has an ETag`,
    requirement: 'With If-Match, an object is replaced only if its ETag is that one.',
    needs: needsOf(mode),
    steps: [
      put(mode, content),
      { ...put(mode, newer, { 'If-Match': otherTag }), name: 'refused', expect: failed },
      get(mode, content),
      { ...put(mode, newer, { 'If-Match': '{{put.header.etag}}' }), expect: { status: 200 } },
      get(mode, newer),
    ],
  }),
]);

const complete = {
  do: 's3',
  method: 'POST',
  key: 'k',
  query: { uploadId: '{{upload.xml.UploadId}}' },
  content: {
    text:
      '<CompleteMultipartUpload>' +
      '<Part><PartNumber>1</PartNumber><ETag>{{part.header.etag}}</ETag></Part>' +
      '</CompleteMultipartUpload>',
  },
} as const satisfies S3Step;

function uploadedPart(mode: S3Mode): readonly Step[] {
  return [
    { do: 's3', name: 'upload', method: 'POST', key: 'k', query: { uploads: '' }, headers: mode.writing },
    {
      do: 's3',
      name: 'part',
      method: 'PUT',
      key: 'k',
      query: { partNumber: '1', uploadId: '{{upload.xml.UploadId}}' },
      content: newer,
      headers: mode.reading,
    },
  ];
}

const completions = threeS3Modes.map((mode) =>
  conditionCase(`${mode.id}/complete-if-new`, {
    title: `${mode.title}, of parts, completed only if it is new`,
    requirement: 'With If-None-Match: *, an upload is completed only if there is no object of its key.',
    needs: ['multipart', ...needsOf(mode)],
    steps: [
      ...uploadedPart(mode),
      put(mode, content),
      { ...complete, headers: { ...mode.reading, ...ifNew }, expect: failed },
      get(mode, content),
      { do: 's3', method: 'DELETE', key: 'k', query: { uploadId: '{{upload.xml.UploadId}}' } },
    ],
  }),
);

const others = [
  conditionCase('if-match-missing', {
    title: 'an object with SSE-C that there is not, replaced only if it has an ETag',
    requirement: 'With If-Match, nothing is written where there is no object.',
    needs: ['sse-c'],
    steps: [
      { ...put(s3Modes.sseCA, newer, { 'If-Match': otherTag }), expect: { status: [404, 412] } },
      { do: 's3', method: 'HEAD', key: 'k', headers: s3Modes.sseCA.reading, expect: { status: 404 } },
    ],
  }),
  conditionCase('if-new-completed', {
    title: 'an object of parts with SSE-C that is new',
    requirement: 'With If-None-Match: *, an upload is completed if there is no object of its key.',
    needs: ['multipart', 'sse-c'],
    steps: [
      ...uploadedPart(s3Modes.sseCA),
      { ...complete, headers: { ...s3Modes.sseCA.reading, ...ifNew }, expect: { status: 200 } },
      get(s3Modes.sseCA, newer),
    ],
  }),
  conditionCase('if-new-after-deletion', {
    title: 'an object with SSE-C that was deleted, written only if it is new',
    requirement: 'With If-None-Match: *, an object is written where the current version is a delete marker.',
    needs: ['versions', 'sse-c'],
    steps: [
      put(s3Modes.sseCA, content),
      { do: 's3', method: 'DELETE', key: 'k' },
      { ...put(s3Modes.sseCA, newer, ifNew), expect: { status: 200 } },
      get(s3Modes.sseCA, newer),
    ],
  }),
];

export const s3ConditionalWrites: readonly ConformanceCase[] = [...puts, ...completions, ...others];
