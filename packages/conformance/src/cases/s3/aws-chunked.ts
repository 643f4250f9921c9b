import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import { absent } from '../../model/expectation.ts';
import type { AwsChunked, S3Step, Step } from '../../model/step.ts';
import { sources } from '../sources.ts';
import { checksums, checkText } from './checksums.ts';
import { needsOf, s3Modes, threeS3Modes, type S3Mode } from './encryption.ts';
import { s3Case } from './s3-case.ts';

/** Two whole chunks and a short one. */
const content: Content = { size: 20_000, seed: 97 };
const chunkSize = 8_192;
const [crc32 = { header: '', value: '', other: '' }] = checksums;
const trailer = [crc32.header, crc32.value] as const;

function put({ writing }: S3Mode, of: Content, chunked: AwsChunked): S3Step {
  return { do: 's3', method: 'PUT', key: 'k', content: of, headers: writing, chunked };
}

function get({ reading, headers }: S3Mode, of: Content): Step {
  return {
    do: 's3',
    method: 'GET',
    key: 'k',
    headers: reading,
    expect: { status: 200, headers: { ...headers, 'content-encoding': absent }, body: { content: of } },
  };
}

const variants = [
  { id: 'signed', about: 'signed chunks', of: content, chunked: { signed: true, chunkSize } },
  {
    id: 'signed-trailer',
    about: 'signed chunks with a checksum behind them',
    of: { text: checkText },
    chunked: { signed: true, chunkSize, trailer },
  },
  {
    id: 'unsigned-trailer',
    about: 'chunks that are not signed with a checksum behind them',
    of: { text: checkText },
    chunked: { signed: false, chunkSize, trailer },
  },
] as const;

const taken = threeS3Modes.flatMap((mode) =>
  variants.map(({ id, about, of, chunked }) =>
    s3Case({
      id: `s3/aws-chunked/${mode.id}/${id}`,
      title: `${mode.title}, sent in ${about}`,
      requirement: 'What is stored is the content without the frames in which it was sent, encrypted as asked for.',
      source: id === 'signed' ? sources.s3Chunked : sources.s3Trailers,
      needs: ['aws-chunked', ...needsOf(mode)],
      steps: [{ ...put(mode, of, chunked), expect: { status: 200, headers: mode.headers } }, get(mode, of)],
    }),
  ),
);

const trailers = checksums.map(({ algorithm, header, value }) =>
  s3Case({
    id: `s3/aws-chunked/trailer/${algorithm.toLowerCase()}`,
    title: `an object with SSE-C, with its ${algorithm} behind it`,
    requirement: 'A checksum behind the content is like one in the header.',
    source: sources.s3Trailers,
    needs: ['aws-chunked', 'checksums', 'sse-c'],
    steps: [
      put(s3Modes.sseCA, { text: checkText }, { signed: false, chunkSize, trailer: [header, value] }),
      {
        do: 's3',
        method: 'HEAD',
        key: 'k',
        headers: { ...s3Modes.sseCA.reading, 'x-amz-checksum-mode': 'ENABLED' },
        expect: { status: 200, headers: { [header]: value, 'content-length': '9' } },
      },
    ],
  }),
);

const digests = ['BadDigest', 'XAmzContentChecksumMismatch', 'InvalidDigest'];
const longText = `${'a'.repeat(chunkSize)}${'b'.repeat(chunkSize)}the last chunk`;

const refused = [
  {
    id: 'first-chunk',
    about: 'whose first chunk was changed',
    source: sources.s3Chunked,
    of: { text: longText },
    chunked: { signed: true, chunkSize, replace: ['aaaa', 'aaab'] },
    expect: { status: [403, 400] },
  },
  {
    id: 'last-chunk',
    about: 'whose last chunk was changed',
    source: sources.s3Chunked,
    of: { text: longText },
    chunked: { signed: true, chunkSize, replace: ['the last', 'The last'] },
    expect: { status: [403, 400] },
  },
  {
    id: 'signature-missing',
    about: 'whose first chunk has no signature',
    source: sources.s3Chunked,
    of: { text: longText },
    chunked: { signed: true, chunkSize, replace: [';chunk-signature=', ';other-signature='] },
    expect: { status: [403, 400] },
  },
  {
    id: 'size-too-large',
    about: 'whose last chunk is shorter than it says',
    source: sources.s3Chunked,
    of: { text: longText },
    chunked: { signed: true, chunkSize, replace: ['e;chunk-signature', 'ff;chunk-signature'] },
    expect: { status: [403, 400] },
  },
  {
    id: 'trailer-changed',
    about: 'whose checksum behind it was changed after it was signed',
    source: sources.s3Trailers,
    of: { text: checkText },
    chunked: { signed: true, chunkSize, trailer, replace: [crc32.value, crc32.other] },
    expect: { status: [403, 400] },
  },
  {
    id: 'trailer-wrong',
    about: 'with the checksum of another content behind it',
    source: sources.s3Trailers,
    of: { text: checkText },
    chunked: { signed: false, chunkSize, trailer: [crc32.header, crc32.other] },
    expect: { status: 400, code: digests },
  },
  {
    id: 'signed-trailer-wrong',
    about: 'with the signed checksum of another content behind it',
    source: sources.s3Trailers,
    of: { text: checkText },
    chunked: { signed: true, chunkSize, trailer: [crc32.header, crc32.other] },
    expect: { status: 400, code: digests },
  },
  {
    id: 'trailer-missing',
    about: 'without the checksum that it announces',
    source: sources.s3Trailers,
    of: { text: checkText },
    chunked: { signed: false, chunkSize, trailer, replace: [`${crc32.header}:${crc32.value}\r\n`, ''] },
    expect: { status: 400 },
  },
] as const;

const refusals = refused.map(({ id, about, source, of, chunked, expect }) =>
  s3Case({
    id: `s3/aws-chunked/refused/${id}`,
    title: `an object with SSE-C in chunks, ${about}`,
    requirement: 'A content in chunks is stored only if all of it is as it was signed, and as its checksum says.',
    source,
    needs: ['aws-chunked', 'sse-c'],
    steps: [
      { ...put(s3Modes.sseCA, of, chunked), expect },
      { do: 's3', method: 'HEAD', key: 'k', headers: s3Modes.sseCA.reading, expect: { status: 404 } },
    ],
  }),
);

const part = s3Case({
  id: 's3/aws-chunked/sse-c/part',
  title: 'a part of an upload with SSE-C, in signed chunks',
  requirement: 'A part may come in chunks like an object.',
  source: sources.s3Chunked,
  needs: ['aws-chunked', 'multipart', 'sse-c'],
  steps: [
    { do: 's3', name: 'upload', method: 'POST', key: 'k', query: { uploads: '' }, headers: s3Modes.sseCA.writing },
    {
      do: 's3',
      name: 'part',
      method: 'PUT',
      key: 'k',
      query: { partNumber: '1', uploadId: '{{upload.xml.UploadId}}' },
      content,
      headers: s3Modes.sseCA.reading,
      chunked: { signed: true, chunkSize },
    },
    {
      do: 's3',
      method: 'POST',
      key: 'k',
      query: { uploadId: '{{upload.xml.UploadId}}' },
      headers: s3Modes.sseCA.reading,
      content: {
        text:
          '<CompleteMultipartUpload>' +
          '<Part><PartNumber>1</PartNumber><ETag>{{part.header.etag}}</ETag></Part>' +
          '</CompleteMultipartUpload>',
      },
    },
    get(s3Modes.sseCA, content),
  ],
});

export const s3AwsChunked: readonly ConformanceCase[] = [...taken, ...trailers, ...refusals, part];
