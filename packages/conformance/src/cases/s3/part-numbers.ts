import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import type { Headers, S3Step, Step } from '../../model/step.ts';
import { sources } from '../sources.ts';
import { keyHeaders, needsOf, s3Modes, threeS3Modes, wrongKey, type S3Mode } from './encryption.ts';
import { s3Case } from './s3-case.ts';

const first: Content = { size: { minimumPart: 1 }, seed: 101 };
const second: Content = { size: 40_003, seed: 102 };
const whole: Content = { concat: [first, second] };

function uploaded({ writing, reading }: S3Mode): readonly Step[] {
  const query = { uploadId: '{{upload.xml.UploadId}}' };
  return [
    { do: 's3', name: 'upload', method: 'POST', key: 'k', query: { uploads: '' }, headers: writing },
    ...[first, second].map((content, index): Step => ({
      do: 's3',
      name: `part${index + 1}`,
      method: 'PUT',
      key: 'k',
      query: { ...query, partNumber: String(index + 1) },
      content,
      headers: reading,
    })),
    {
      do: 's3',
      method: 'POST',
      key: 'k',
      query,
      headers: reading,
      content: {
        text:
          '<CompleteMultipartUpload>' +
          '<Part><PartNumber>1</PartNumber><ETag>{{part1.header.etag}}</ETag></Part>' +
          '<Part><PartNumber>2</PartNumber><ETag>{{part2.header.etag}}</ETag></Part>' +
          '</CompleteMultipartUpload>',
      },
    },
  ];
}

function part(number: number, headers: Headers, expect: Step['expect'], method: 'GET' | 'HEAD' = 'GET'): S3Step {
  return {
    do: 's3',
    method,
    key: 'k',
    query: { partNumber: String(number) },
    headers,
    ...(expect !== undefined && { expect }),
  };
}

const shownParts = { 'x-amz-mp-parts-count': '2', etag: { shape: '"[^"]+-2"' } } as const;

const read = threeS3Modes.map((mode) =>
  s3Case({
    id: `s3/part-numbers/${mode.id}/read`,
    title: `the parts of ${mode.title}, by their numbers`,
    requirement: 'A part is read by its number, as the bytes of the plain content that were written with it.',
    source: sources.s3Get,
    needs: ['part-number', 'multipart', ...needsOf(mode)],
    steps: [
      ...uploaded(mode),
      part(1, mode.reading, {
        status: 206,
        headers: { ...mode.headers, ...shownParts, 'content-length': '{{minimumPart+1}}' },
        body: { content: first },
      }),
      part(2, mode.reading, {
        status: 206,
        headers: {
          ...shownParts,
          'content-range': 'bytes {{minimumPart+1}}-{{minimumPart+40003}}/{{minimumPart+40004}}',
        },
        body: { content: second },
      }),
      part(2, mode.reading, { status: 206, headers: { ...shownParts, 'content-length': '40003' } }, 'HEAD'),
      part(3, mode.reading, { status: [416, 400] }),
      {
        do: 's3',
        method: 'GET',
        key: 'k',
        headers: mode.reading,
        expect: { status: 200, body: { content: whole } },
      },
    ],
  }),
);

const single = threeS3Modes.map((mode) =>
  s3Case({
    id: `s3/part-numbers/${mode.id}/single`,
    title: `the first part of ${mode.title}, which has none`,
    requirement: 'An object that was written at once is its own first part.',
    source: sources.s3Get,
    needs: ['part-number', ...needsOf(mode)],
    steps: [
      { do: 's3', method: 'PUT', key: 'k', content: second, headers: mode.writing },
      part(1, mode.reading, { status: [206, 200], headers: mode.headers, body: { content: second } }),
    ],
  }),
);

const closed = s3Case({
  id: 's3/part-numbers/sse-c/closed',
  title: 'the parts of an object with SSE-C, without its key and with another',
  requirement: 'A part of an object with SSE-C is given out only for its key; whether it is there is not told either.',
  source: sources.s3SseC,
  needs: ['part-number', 'multipart', 'sse-c'],
  steps: [
    ...uploaded(s3Modes.sseCA),
    part(2, {}, { status: 400 }),
    part(2, keyHeaders('B'), wrongKey),
    part(3, keyHeaders('B'), wrongKey),
    part(2, keyHeaders('B'), wrongKey, 'HEAD'),
  ],
});

export const s3PartNumbers: readonly ConformanceCase[] = [...read, ...single, closed];
