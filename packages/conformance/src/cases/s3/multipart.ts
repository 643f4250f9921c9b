import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import type { Headers, S3Step, Step } from '../../model/step.ts';
import { sources } from '../sources.ts';
import { keyHeaders, needsOf, s3Modes, threeS3Modes, wrongKey, type S3Mode } from './encryption.ts';
import { s3Case } from './s3-case.ts';

/** One byte more than the smallest part, so that the border of the parts is on none of a server's own borders. */
const first: Content = { size: { minimumPart: 1 }, seed: 51 };
const second: Content = { size: 40_003, seed: 52 };
const whole: Content = { concat: [first, second] };

function create({ writing }: S3Mode): S3Step {
  return { do: 's3', name: 'upload', method: 'POST', key: 'k', query: { uploads: '' }, headers: writing };
}

function part(number: number, content: Content, headers: Headers): S3Step {
  const query = { partNumber: String(number), uploadId: '{{upload.xml.UploadId}}' };
  return { do: 's3', name: `part${number}`, method: 'PUT', key: 'k', query, content, headers };
}

const complete: S3Step = {
  do: 's3',
  method: 'POST',
  key: 'k',
  query: { uploadId: '{{upload.xml.UploadId}}' },
  content: {
    text:
      '<CompleteMultipartUpload>' +
      '<Part><PartNumber>1</PartNumber><ETag>{{part1.header.etag}}</ETag></Part>' +
      '<Part><PartNumber>2</PartNumber><ETag>{{part2.header.etag}}</ETag></Part>' +
      '</CompleteMultipartUpload>',
  },
};

/** With the customer key: AWS wants it in some cases, and takes it in all. */
function completed({ reading }: S3Mode): S3Step {
  return { ...complete, headers: reading };
}

function parts({ reading }: S3Mode): readonly S3Step[] {
  return [part(1, first, reading), part(2, second, reading)];
}

const wholeObjects = threeS3Modes.map((mode) =>
  s3Case({
    id: `s3/multipart/${mode.id}/whole`,
    title: `${mode.title}, of two parts`,
    requirement:
      'An object has the encryption that its upload was begun with, in every answer, and is read back whole.',
    source: sources.s3Multipart,
    needs: ['multipart', ...needsOf(mode)],
    steps: [
      { ...create(mode), expect: { status: 200, headers: mode.headers } },
      ...parts(mode).map((step): Step => ({ ...step, expect: { status: 200, headers: mode.headers } })),
      completed(mode),
      {
        do: 's3',
        method: 'GET',
        key: 'k',
        headers: mode.reading,
        expect: { status: 200, headers: mode.headers, body: { content: whole } },
      },
    ],
  }),
);

const tags = threeS3Modes.map((mode) =>
  s3Case({
    id: `s3/multipart/${mode.id}/etag`,
    title: `the ETag of ${mode.title}, of two parts`,
    requirement:
      'The ETag of an object of parts ends in a dash and the number of parts, so that no client takes it for an MD5.',
    source: sources.multipartTags,
    needs: ['multipart', ...needsOf(mode)],
    steps: [
      create(mode),
      ...parts(mode),
      completed(mode),
      {
        ...{ do: 's3', method: 'HEAD', key: 'k', headers: mode.reading },
        expect: { status: 200, headers: { etag: { shape: '"[^"]+-2"' } } },
      },
    ],
  }),
);

const partRanges = [
  [-5, 6],
  [0, 0],
  [1, 1],
  [16_380, 16_390],
] as const;

const ranges = threeS3Modes.map((mode) =>
  s3Case({
    id: `s3/multipart/${mode.id}/ranges`,
    title: `ranges around the border of the parts of ${mode.title}`,
    requirement: 'A range means bytes of the plain content, whichever parts they are in.',
    source: sources.s3Get,
    needs: ['multipart', ...needsOf(mode)],
    steps: [
      create(mode),
      ...parts(mode),
      completed(mode),
      ...partRanges.map(([from, to]): Step => ({
        do: 's3',
        method: 'GET',
        key: 'k',
        headers: { ...mode.reading, Range: `bytes={{minimumPart${signed(from)}}}-{{minimumPart${signed(to)}}}` },
        expect: { status: 206, body: { content: whole, from: { minimumPart: from }, to: { minimumPart: to } } },
      })),
    ],
  }),
);

function signed(number: number): string {
  return number < 0 ? String(number) : `+${number}`;
}

const partRefusals = [
  { id: 'part-without-key', about: 'without the key', headers: {}, expect: { status: 400 } },
  { id: 'part-with-other-key', about: 'with another key', headers: keyHeaders('B'), expect: wrongKey },
].map(({ id, about, headers, expect }) =>
  s3Case({
    id: `s3/multipart/sse-c/${id}`,
    title: `a part of an upload with SSE-C ${about}`,
    requirement: 'Each part of an upload with SSE-C comes with the key that the upload was begun with.',
    source: sources.s3Multipart,
    needs: ['multipart', 'sse-c'],
    steps: [
      create(s3Modes.sseCA),
      { ...part(1, second, headers), expect },
      { do: 's3', method: 'DELETE', key: 'k', query: { uploadId: '{{upload.xml.UploadId}}' } },
    ],
  }),
);

const closed = s3Case({
  id: 's3/multipart/sse-c/read-refused',
  title: 'an object of parts with SSE-C, without its key and with another',
  requirement: 'An object of parts with SSE-C is given out only for the key that its upload was begun with.',
  source: sources.s3SseC,
  needs: ['multipart', 'sse-c'],
  steps: [
    create(s3Modes.sseCA),
    ...parts(s3Modes.sseCA),
    completed(s3Modes.sseCA),
    { do: 's3', method: 'GET', key: 'k', expect: { status: 400 } },
    { do: 's3', method: 'GET', key: 'k', headers: keyHeaders('B'), expect: wrongKey },
    {
      do: 's3',
      method: 'GET',
      key: 'k',
      headers: { ...keyHeaders('B'), Range: 'bytes={{minimumPart+2}}-{{minimumPart+9}}' },
      expect: wrongKey,
      why: 'the second part is as closed as the first',
    },
  ],
});

const needless = s3Case({
  id: 's3/multipart/none/part-with-key',
  title: 'a part with a customer key for an upload that has none',
  requirement: 'A part with a customer key is refused if the upload was begun without one.',
  source: sources.cephTests,
  needs: ['multipart', 'sse-c'],
  steps: [
    create(s3Modes.none),
    { ...part(1, second, keyHeaders('A')), expect: { status: 400 } },
    { do: 's3', method: 'DELETE', key: 'k', query: { uploadId: '{{upload.xml.UploadId}}' } },
  ],
});

const copiedParts = threeS3Modes.flatMap((source) =>
  [s3Modes.none, s3Modes.sseS3, s3Modes.sseCB].map((target) =>
    s3Case({
      id: `s3/multipart/copied-part/${source.id}-to-${target.id}`,
      title: `a part copied from ${source.title} into ${target.title}`,
      requirement: 'A copied part is read with the key of its source and has the encryption of its upload.',
      source: sources.s3PartCopy,
      needs: ['multipart', 'copies', ...needsOf(source, target)],
      steps: [
        { do: 's3', method: 'PUT', key: 'source', content: second, headers: source.writing },
        create(target),
        part(1, first, target.reading),
        {
          do: 's3',
          name: 'copied',
          method: 'PUT',
          key: 'k',
          query: { partNumber: '2', uploadId: '{{upload.xml.UploadId}}' },
          headers: { 'x-amz-copy-source': '/{{bucket}}/{{dir}}/source', ...source.asSource, ...target.reading },
          expect: { status: 200, headers: target.headers },
        },
        {
          ...completed(target),
          content: {
            text:
              '<CompleteMultipartUpload>' +
              '<Part><PartNumber>1</PartNumber><ETag>{{part1.header.etag}}</ETag></Part>' +
              '<Part><PartNumber>2</PartNumber><ETag>{{copied.xml.ETag}}</ETag></Part>' +
              '</CompleteMultipartUpload>',
          },
        },
        {
          do: 's3',
          method: 'GET',
          key: 'k',
          headers: target.reading,
          expect: { status: 200, headers: target.headers, body: { content: whole } },
        },
      ],
    }),
  ),
);

export const s3Multipart: readonly ConformanceCase[] = [
  ...wholeObjects,
  ...tags,
  ...ranges,
  ...partRefusals,
  closed,
  needless,
  ...copiedParts,
];
