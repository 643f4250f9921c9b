import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import type { Step } from '../../model/step.ts';
import { sources } from '../sources.ts';
import { keyHeaders, needsOf, s3Modes, threeS3Modes, wrongKey, type S3Mode } from './encryption.ts';
import { s3Case } from './s3-case.ts';

const content: Content = { size: 20_000, seed: 61 };

function put({ writing }: S3Mode): Step {
  return { do: 's3', name: 'put', method: 'PUT', key: 'k', content, headers: writing };
}

const presigned = threeS3Modes.map((mode) =>
  s3Case({
    id: `s3/presigned/${mode.id}`,
    title: `${mode.title}, written and read by presigned requests`,
    requirement: 'A presigned request whose headers are signed does what the same request signed in its header does.',
    source: mode.needs.includes('sse-c') ? sources.s3SseC : sources.s3SseS3,
    needs: ['presigned', ...needsOf(mode)],
    steps: [
      {
        do: 's3',
        method: 'PUT',
        key: 'k',
        content,
        headers: mode.writing,
        presigned: true,
        expect: { status: 200, headers: mode.headers },
      },
      {
        do: 's3',
        method: 'GET',
        key: 'k',
        headers: mode.reading,
        presigned: true,
        expect: { status: 200, headers: mode.headers, body: { content } },
      },
    ],
  }),
);

const presignedRefusals = [
  { id: 'without-key', headers: {}, expect: { status: 400 } },
  { id: 'wrong-key', headers: keyHeaders('B'), expect: wrongKey },
].map(({ id, headers, expect }) =>
  s3Case({
    id: `s3/presigned/sse-c/${id}`,
    title: `a presigned request for an object with SSE-C, ${id.replace('-', ' ')}`,
    requirement: 'A presigned request does not stand in for a customer key.',
    source: sources.s3SseC,
    needs: ['presigned', 'sse-c'],
    steps: [put(s3Modes.sseCA), { do: 's3', method: 'GET', key: 'k', headers, presigned: true, expect }],
  }),
);

const conditions = threeS3Modes.flatMap((mode) =>
  [
    { id: 'if-match', header: 'If-Match', value: '{{put.header.etag}}', status: 200 },
    { id: 'if-match-other', header: 'If-Match', value: '"0123456789abcdef0123456789abcdef"', status: 412 },
    { id: 'if-none-match', header: 'If-None-Match', value: '{{put.header.etag}}', status: 304 },
    { id: 'if-none-match-other', header: 'If-None-Match', value: '"0123456789abcdef0123456789abcdef"', status: 200 },
  ].map(({ id, header, value, status }) =>
    s3Case({
      id: `s3/conditions/${mode.id}/${id}`,
      title: `${header} with ${id.endsWith('other') ? 'another' : 'the'} ETag of ${mode.title}`,
      requirement:
        'Conditions compare with the ETag that the write was answered with, however the object is encrypted.',
      source: sources.conditions,
      needs: ['conditional-reads', ...needsOf(mode)],
      steps: [
        put(mode),
        { do: 's3', method: 'GET', key: 'k', headers: { ...mode.reading, [header]: value }, expect: { status } },
      ],
    }),
  ),
);

const oracle = [
  { id: 'if-none-match', header: 'If-None-Match', value: '{{put.header.etag}}' },
  { id: 'if-match-other', header: 'If-Match', value: '"0123456789abcdef0123456789abcdef"' },
].map(({ id, header, value }) =>
  s3Case({
    id: `s3/conditions/sse-c/${id}-wrong-key`,
    title: `${header} on an object with SSE-C, with another key`,
    requirement: 'Without the key of an object, a condition tells nothing about it.',
    source: sources.s3SseC,
    needs: ['conditional-reads', 'sse-c'],
    steps: [
      put(s3Modes.sseCA),
      { do: 's3', method: 'GET', key: 'k', headers: { ...keyHeaders('B'), [header]: value }, expect: wrongKey },
    ],
  }),
);

export const s3Requests: readonly ConformanceCase[] = [...presigned, ...presignedRefusals, ...conditions, ...oracle];
