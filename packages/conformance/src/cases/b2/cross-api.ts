import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import type { Headers, S3Step, Step } from '../../model/step.ts';
import { keyHeaders as s3KeyHeaders, s3Modes, sourceKeyHeaders, wrongKey, type S3Mode } from '../s3/encryption.ts';
import { sources } from '../sources.ts';
import { b2Case } from './b2-case.ts';
import { b2Modes, demands, keyHeaders, keySetting, type B2Mode } from './encryption.ts';

const content: Content = { size: 40_003, seed: 91 };
/** 5 MiB where the other protocol's smallest part, of which the size is known here, has 5 MB. */
const first: Content = { size: { minimumPart: 242_881 }, seed: 92 };
const second: Content = { size: 20_001, seed: 93 };
const whole: Content = { concat: [first, second] };

/** The same encryption in the words of both protocols. */
const pairs: readonly { readonly b2: B2Mode; readonly s3: S3Mode }[] = [
  { b2: b2Modes.none, s3: s3Modes.none },
  { b2: b2Modes.sseB2, s3: s3Modes.sseS3 },
  { b2: b2Modes.sseCA, s3: s3Modes.sseCA },
];

type Fields = Pick<ConformanceCase, 'title' | 'requirement' | 'steps'> & Partial<ConformanceCase>;

function crossCase(id: string, fields: Fields): ConformanceCase {
  return b2Case({
    source: sources.b2S3,
    ...fields,
    id: `b2/cross-api/${id}`,
    needs: ['cross-api', ...(fields.needs ?? [])],
  });
}

function get(headers: Headers, expect: Step['expect'], fields: Partial<S3Step> = {}): S3Step {
  return { do: 's3', method: 'GET', key: 'f', headers, ...(expect !== undefined && { expect }), ...fields };
}

function download(headers: Headers, expect: Step['expect']): Step {
  return { do: 'b2-download', from: { file: 'f' }, headers, ...(expect !== undefined && { expect }) };
}

function uploaded({ writing }: B2Mode): Step {
  return { do: 'b2-upload', name: 'up', file: 'f', content, headers: writing };
}

function put({ writing }: S3Mode): S3Step {
  return { do: 's3', name: 'put', method: 'PUT', key: 'f', content, headers: writing };
}

const small = pairs.flatMap(({ b2, s3 }) => [
  crossCase(`${b2.id}/written-by-b2`, {
    title: `${b2.title}, read over S3`,
    requirement: 'A file that was written by B2 is the same over S3, with the same encryption.',
    ...demands(b2),
    steps: [
      uploaded(b2),
      get(s3.reading, { status: 200, headers: s3.headers, body: { content } }),
      get(s3.reading, { status: 200, headers: { ...s3.headers, 'content-length': '40003' } }, { method: 'HEAD' }),
      get({ ...s3.reading, Range: 'bytes=16380-16390' }, { status: 206, body: { content, from: 16_380, to: 16_390 } }),
      {
        do: 's3',
        method: 'GET',
        query: { 'list-type': '2', prefix: '{{dir}}/' },
        expect: { status: 200, xml: { 'Contents.Size': '40003' } },
      },
    ],
  }),
  crossCase(`${b2.id}/written-by-s3`, {
    title: `${s3.title} over S3, read by B2`,
    requirement: 'An object that was written over S3 is the same in B2, with the same encryption.',
    ...demands(b2),
    steps: [
      put(s3),
      {
        do: 'b2-call',
        name: 'list',
        operation: 'b2_list_file_names',
        body: { bucketId: '{{bucket.id}}', prefix: '{{dir}}/' },
        expect: {
          json: {
            'files.0.contentLength': 40_003,
            ...Object.fromEntries(Object.entries(b2.json).map(([path, value]) => [`files.0.${path}`, value])),
          },
        },
      },
      download(b2.reading, { status: 200, headers: b2.headers, body: { content } }),
    ],
  }),
]);

const keys = [
  crossCase('sse-c/written-by-b2-refused', {
    title: 'a file with SSE-C of B2, asked for over S3 without its key and with another',
    requirement: 'A file that B2 has encrypted with a customer key is not given out over S3 without it.',
    needs: ['sse-c'],
    steps: [
      uploaded(b2Modes.sseCA),
      get({}, { status: 400 }),
      get(s3KeyHeaders('B'), wrongKey),
      get({}, { status: 400 }, { method: 'HEAD' }),
      get(s3KeyHeaders('A'), { status: 200, body: { content } }),
    ],
  }),
  crossCase('sse-c/written-by-s3-refused', {
    title: 'an object with SSE-C of S3, asked for by B2 without its key and with another',
    requirement: 'An object that S3 has encrypted with a customer key is not given out by B2 without it.',
    needs: ['sse-c'],
    steps: [
      put(s3Modes.sseCA),
      download({}, { status: 400, code: 'bad_request' }),
      download(keyHeaders('B'), { status: 403, code: 'access_denied' }),
      download(keyHeaders('A'), { status: 200, body: { content } }),
    ],
  }),
  crossCase('sse-c/copied-over-s3', {
    title: 'a file with SSE-C of B2, copied over S3 to another key',
    requirement: 'A copy over S3 reads what B2 has encrypted, with its key.',
    needs: ['sse-c', 'copies'],
    steps: [
      uploaded(b2Modes.sseCA),
      {
        do: 's3',
        method: 'PUT',
        key: 'copy',
        headers: {
          'x-amz-copy-source': '/{{bucket}}/{{dir}}/f',
          ...sourceKeyHeaders('A'),
          ...s3KeyHeaders('B'),
        },
      },
      {
        do: 'b2-download',
        from: { file: 'copy' },
        headers: keyHeaders('B'),
        expect: { status: 200, headers: b2Modes.sseCB.headers, body: { content } },
      },
    ],
  }),
  crossCase('sse-c/copied-by-b2', {
    title: 'an object with SSE-C of S3, copied by B2 to another key',
    requirement: 'A copy by B2 reads what S3 has encrypted, with its key.',
    needs: ['sse-c', 'copies'],
    steps: [
      put(s3Modes.sseCA),
      {
        do: 'b2-call',
        name: 'list',
        operation: 'b2_list_file_names',
        body: { bucketId: '{{bucket.id}}', prefix: '{{dir}}/' },
      },
      {
        do: 'b2-call',
        operation: 'b2_copy_file',
        body: {
          sourceFileId: '{{list.json.files.0.fileId}}',
          fileName: '{{dir}}/copy',
          sourceServerSideEncryption: keySetting('A'),
          destinationServerSideEncryption: keySetting('B'),
        },
      },
      get(s3KeyHeaders('B'), { status: 200, headers: s3Modes.sseCB.headers, body: { content } }, { key: 'copy' }),
    ],
  }),
];

const large = pairs.flatMap(({ b2, s3 }) => {
  const { needs, ...profiles } = demands(b2);
  return [
    crossCase(`${b2.id}/large-file`, {
      title: `${b2.title}, of parts that B2 has taken, read over S3`,
      requirement: 'A large file of B2 is one object over S3, with the same encryption.',
      ...profiles,
      needs: ['large-files', ...needs],
      steps: [
        {
          do: 'b2-call',
          name: 'large',
          operation: 'b2_start_large_file',
          body: {
            bucketId: '{{bucket.id}}',
            fileName: '{{dir}}/f',
            contentType: 'application/octet-stream',
            ...(b2.setting !== undefined && { serverSideEncryption: b2.setting }),
          },
        },
        ...[first, second].map((part, index): Step => ({
          do: 'b2-part',
          name: `part${index + 1}`,
          fileId: '{{large.json.fileId}}',
          number: index + 1,
          content: part,
          headers: b2.partHeaders,
        })),
        {
          do: 'b2-call',
          operation: 'b2_finish_large_file',
          body: {
            fileId: '{{large.json.fileId}}',
            partSha1Array: ['{{part1.json.contentSha1}}', '{{part2.json.contentSha1}}'],
          },
        },
        get(s3.reading, { status: 200, headers: s3.headers, body: { content: whole } }),
        get(
          { ...s3.reading, Range: 'bytes={{minimumPart+242879}}-{{minimumPart+242884}}' },
          { status: 206, body: { content: whole, from: { minimumPart: 242_879 }, to: { minimumPart: 242_884 } } },
        ),
      ],
    }),
    crossCase(`${b2.id}/multipart-upload`, {
      title: `${s3.title}, of parts that S3 has taken, read by B2`,
      requirement: 'An object of parts of S3 is one file in B2, with the same encryption.',
      ...profiles,
      needs: ['multipart', ...needs],
      steps: [
        { do: 's3', name: 'upload', method: 'POST', key: 'f', query: { uploads: '' }, headers: s3.writing },
        ...[first, second].map((part, index): Step => ({
          do: 's3',
          name: `part${index + 1}`,
          method: 'PUT',
          key: 'f',
          query: { partNumber: String(index + 1), uploadId: '{{upload.xml.UploadId}}' },
          content: part,
          headers: s3.reading,
        })),
        {
          do: 's3',
          method: 'POST',
          key: 'f',
          query: { uploadId: '{{upload.xml.UploadId}}' },
          headers: s3.reading,
          content: {
            text:
              '<CompleteMultipartUpload>' +
              '<Part><PartNumber>1</PartNumber><ETag>{{part1.header.etag}}</ETag></Part>' +
              '<Part><PartNumber>2</PartNumber><ETag>{{part2.header.etag}}</ETag></Part>' +
              '</CompleteMultipartUpload>',
          },
        },
        download(b2.reading, { status: 200, headers: b2.headers, body: { content: whole } }),
      ],
    }),
  ];
});

const others = [
  crossCase('versions', {
    title: 'versions of B2 with two customer keys, by their ids over S3',
    requirement: 'The id of a file is its version over S3; a hide marker is a delete marker.',
    needs: ['sse-c', 'versions'],
    steps: [
      uploaded(b2Modes.sseCA),
      { do: 'b2-upload', file: 'f', content: { text: 'newer' }, headers: keyHeaders('B') },
      get(
        s3KeyHeaders('A'),
        { status: 200, headers: { 'x-amz-version-id': '{{up.json.fileId}}' }, body: { content } },
        { query: { versionId: '{{up.json.fileId}}' } },
      ),
      {
        do: 'b2-call',
        operation: 'b2_hide_file',
        body: { bucketId: '{{bucket.id}}', fileName: '{{dir}}/f' },
      },
      get(s3KeyHeaders('B'), { status: 404 }),
    ],
  }),
  crossCase('delete-marker', {
    title: 'an object with SSE-C, deleted over S3',
    requirement: 'A delete marker of S3 hides the file in B2, where its versions still open.',
    needs: ['sse-c', 'versions'],
    steps: [
      uploaded(b2Modes.sseCA),
      { do: 's3', method: 'DELETE', key: 'f', expect: { status: 204 } },
      download(keyHeaders('A'), { status: 404, code: 'not_found' }),
      {
        do: 'b2-download',
        from: { fileId: '{{up.json.fileId}}' },
        headers: keyHeaders('A'),
        expect: { status: 200, body: { content } },
      },
    ],
  }),
  crossCase('metadata', {
    title: 'the file info of a file with SSE-C, as metadata of S3',
    requirement: 'File info of B2 is metadata over S3, and metadata is file info.',
    needs: ['sse-c'],
    steps: [
      { do: 'b2-upload', file: 'f', content, headers: { ...keyHeaders('A'), 'X-Bz-Info-colour': 'blue' } },
      get(s3KeyHeaders('A'), { status: 200, headers: { 'x-amz-meta-colour': 'blue' } }),
      { ...put(s3Modes.sseCA), headers: { ...s3KeyHeaders('A'), 'x-amz-meta-colour': 'red' } },
      download(keyHeaders('A'), { status: 200, headers: { 'x-bz-info-colour': 'red' } }),
    ],
  }),
  crossCase('default-encryption', {
    title: 'the default encryption of a bucket, set by one protocol and seen by the other',
    requirement: 'The default encryption of a bucket is one setting, whichever protocol sets it.',
    needs: ['sse-b2', 'default-encryption'],
    steps: [
      {
        do: 'bucket',
        name: 'box',
        settings: { defaultServerSideEncryption: { mode: 'SSE-B2', algorithm: 'AES256' } },
      },
      {
        do: 's3',
        method: 'GET',
        bucket: '{{box.bucket}}',
        query: { encryption: '' },
        expect: { status: 200, xml: { 'Rule.ApplyServerSideEncryptionByDefault.SSEAlgorithm': 'AES256' } },
      },
      {
        do: 's3',
        method: 'PUT',
        bucket: '{{box.bucket}}',
        key: 'f',
        content,
        expect: { headers: s3Modes.sseS3.headers },
      },
      {
        do: 'b2-download',
        from: { file: 'f', bucket: '{{box.bucket}}' },
        expect: { status: 200, headers: b2Modes.sseB2.headers, body: { content } },
      },
    ],
  }),
];

export const b2CrossApi: readonly ConformanceCase[] = [...small, ...keys, ...large, ...others];
