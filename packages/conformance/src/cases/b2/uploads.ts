import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import { absent } from '../../model/expectation.ts';
import type { Step } from '../../model/step.ts';
import { triedSizes } from '../ranges.ts';
import { sources } from '../sources.ts';
import { b2Case } from './b2-case.ts';
import { b2Modes, demands, keyHeaders, threeB2Modes } from './encryption.ts';
import { malformedKeys } from './malformed-keys.ts';

const content: Content = { text: 'what is uploaded' };
const nothingStored: Step = {
  do: 'b2-call',
  operation: 'b2_list_file_versions',
  body: { bucketId: '{{bucket.id}}', prefix: '{{dir}}/' },
  expect: { json: { 'files.0.fileId': absent } },
  why: 'a refused upload leaves nothing behind',
};

const roundTrips = threeB2Modes.flatMap((mode) =>
  triedSizes.map((size): ConformanceCase => {
    const sized: Content = { size, seed: size + 1 };
    return b2Case({
      id: `b2/uploads/${mode.id}/${size}-bytes`,
      title: `${mode.title} of ${size} bytes`,
      requirement:
        'A file says how it is encrypted, its length is that of the plain content, and it is read back whole.',
      source: sources.b2Guide,
      ...demands(mode),
      steps: [
        {
          do: 'b2-upload',
          name: 'up',
          file: 'f',
          content: sized,
          headers: mode.writing,
          expect: { status: 200, json: { ...mode.json, contentLength: size } },
        },
        {
          do: 'b2-download',
          from: { fileId: '{{up.json.fileId}}' },
          headers: mode.reading,
          expect: {
            status: 200,
            headers: {
              ...mode.headers,
              'content-length': String(size),
              'x-bz-content-sha1': '{{up.json.contentSha1}}',
            },
            body: { content: sized },
          },
        },
      ],
    });
  }),
);

const shownEverywhere = threeB2Modes.map((mode) =>
  b2Case({
    id: `b2/uploads/${mode.id}/shown`,
    title: `${mode.title} in b2_get_file_info and in listings`,
    requirement: 'How a file is encrypted is shown wherever the file is shown, without a key being needed.',
    source: sources.b2Guide,
    ...demands(mode),
    steps: [
      { do: 'b2-upload', name: 'up', file: 'f', content, headers: mode.writing },
      {
        do: 'b2-call',
        operation: 'b2_get_file_info',
        body: { fileId: '{{up.json.fileId}}' },
        expect: { json: mode.json },
      },
      ...['b2_list_file_names', 'b2_list_file_versions'].map((operation): Step => ({
        do: 'b2-call',
        operation,
        body: { bucketId: '{{bucket.id}}', prefix: '{{dir}}/' },
        expect: {
          json: {
            'files.0.fileId': '{{up.json.fileId}}',
            ...Object.fromEntries(Object.entries(mode.json).map(([path, value]) => [`files.0.${path}`, value])),
          },
        },
      })),
    ],
  }),
);

const refusedAlgorithms = ['AES128', 'SSE-B2', 'NONE', 'aws:kms'].map((algorithm) =>
  b2Case({
    id: `b2/uploads/sse-b2/algorithm-${algorithm.toLowerCase().replace(':', '-')}`,
    title: `an upload with the algorithm ${algorithm}`,
    requirement: 'X-Bz-Server-Side-Encryption is AES256 or the upload is refused; nothing is stored.',
    source: algorithm === 'AES128' ? sources.b2Upload : sources.b2sdk,
    needs: ['sse-b2'],
    steps: [
      {
        do: 'b2-upload',
        file: 'f',
        content,
        headers: { 'X-Bz-Server-Side-Encryption': algorithm },
        expect: { status: 400, code: 'bad_request' },
      },
      nothingStored,
    ],
  }),
);

const malformed = malformedKeys.map(({ id, about, headers }) =>
  b2Case({
    id: `b2/uploads/malformed-key/${id}`,
    title: `an upload with a customer key ${about}`,
    requirement: 'A customer key comes with its algorithm and the MD5 of its 32 bytes, or the upload is refused.',
    source: sources.b2Guide,
    needs: ['sse-c'],
    steps: [
      { do: 'b2-upload', file: 'f', content, headers, expect: { status: 400, code: 'bad_request' } },
      nothingStored,
    ],
  }),
);

const others = [
  b2Case({
    id: 'b2/uploads/sse-c/echo',
    title: "the answer to an upload with a customer key names the key's MD5",
    requirement: 'The answer to a call that carried a customer key says SSE-C, AES256 and the MD5 that was sent.',
    source: sources.b2Upload,
    needs: ['sse-c'],
    steps: [
      {
        do: 'b2-upload',
        file: 'f',
        content,
        headers: keyHeaders('A'),
        expect: { json: { ...b2Modes.sseCA.json, 'serverSideEncryption.customerKeyMd5': '{{key.A.md5}}' } },
      },
    ],
  }),
  b2Case({
    id: 'b2/uploads/both-kinds',
    title: 'an upload that asks for SSE-B2 and SSE-C',
    requirement: 'An upload that asks for both kinds of encryption is refused.',
    source: sources.b2sdk,
    needs: ['sse-b2', 'sse-c'],
    steps: [
      {
        do: 'b2-upload',
        file: 'f',
        content,
        headers: { ...b2Modes.sseB2.writing, ...keyHeaders('A') },
        expect: { status: 400, code: 'bad_request' },
      },
      nothingStored,
    ],
  }),
  b2Case({
    id: 'b2/uploads/nothing-asked-2026',
    title: 'an upload that asks for nothing, where all new files are encrypted',
    requirement: 'A new file that asks for no encryption has SSE-B2.',
    source: sources.b2Bucket,
    profiles: ['b2-2026'],
    needs: ['sse-b2'],
    steps: [
      { do: 'b2-upload', name: 'up', file: 'f', content, expect: { json: b2Modes.sseB2.json } },
      {
        do: 'b2-download',
        from: { fileId: '{{up.json.fileId}}' },
        expect: { status: 200, headers: b2Modes.sseB2.headers, body: { content } },
      },
    ],
  }),
  b2Case({
    id: 'b2/uploads/metadata-limit',
    title: 'an encrypted file with 2,500 bytes of file info',
    requirement: 'Name and file info of an encrypted file have at most 2,048 bytes.',
    source: sources.b2FileInfo,
    needs: ['sse-b2'],
    steps: [
      {
        do: 'b2-upload',
        file: 'f',
        content,
        headers: { ...b2Modes.sseB2.writing, 'X-Bz-Info-long': 'x'.repeat(2_500) },
        expect: { status: 400, code: 'bad_request' },
      },
      nothingStored,
    ],
  }),
  b2Case({
    id: 'b2/uploads/sse-c/no-key-for-metadata',
    title: 'hiding and deleting a file with SSE-C without its key',
    requirement: 'Only the data of a file is encrypted with the customer key: hiding and deleting need no key.',
    source: sources.b2Guide,
    needs: ['sse-c', 'versions'],
    steps: [
      { do: 'b2-upload', name: 'up', file: 'f', content, headers: keyHeaders('A') },
      {
        do: 'b2-call',
        name: 'hide',
        operation: 'b2_hide_file',
        body: { bucketId: '{{bucket.id}}', fileName: '{{dir}}/f' },
        expect: { status: 200, json: { action: 'hide' } },
      },
      {
        do: 'b2-call',
        operation: 'b2_delete_file_version',
        body: { fileName: '{{dir}}/f', fileId: '{{up.json.fileId}}' },
        expect: { status: 200 },
      },
    ],
  }),
];

export const b2Uploads: readonly ConformanceCase[] = [
  ...roundTrips,
  ...shownEverywhere,
  ...refusedAlgorithms,
  ...malformed,
  ...others,
];
