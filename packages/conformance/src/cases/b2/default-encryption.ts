import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import type { Value } from '../../model/expectation.ts';
import type { Json, Step } from '../../model/step.ts';
import { sources } from '../sources.ts';
import { b2Case } from './b2-case.ts';
import { b2Modes, keySetting, type B2Mode } from './encryption.ts';

const content: Content = { text: 'what is in the bucket' };
const sseB2 = { mode: 'SSE-B2', algorithm: 'AES256' };
const noMode = { mode: null };

/** What a bucket says of its default. */
function shownDefault(mode: Value): Readonly<Record<string, Value>> {
  return {
    'defaultServerSideEncryption.isClientAuthorizedToRead': true,
    'defaultServerSideEncryption.value.mode': mode,
  };
}

function made(fields: { readonly [name: string]: Json } = {}): Step {
  return { do: 'bucket', name: 'box', settings: fields };
}

function setDefault(value: Json, expect?: Step['expect'], as?: string): Step {
  return {
    do: 'b2-call',
    operation: 'b2_update_bucket',
    body: { accountId: '{{accountId}}', bucketId: '{{box.id}}', defaultServerSideEncryption: value },
    ...(expect !== undefined && { expect }),
    ...(as !== undefined && { as }),
  };
}

function uploaded(file: string, mode: B2Mode, headers = mode.writing): Step {
  const expect = { json: mode.json };
  return { do: 'b2-upload', name: file, file, content, bucket: '{{box.id}}', headers, expect };
}

function reads(file: string, { reading, headers }: B2Mode): Step {
  return {
    do: 'b2-download',
    from: { fileId: `{{${file}.json.fileId}}` },
    headers: reading,
    expect: { status: 200, headers, body: { content } },
  };
}

type Fields = Pick<ConformanceCase, 'title' | 'requirement' | 'steps'> & Partial<ConformanceCase>;

function defaultCase(id: string, fields: Fields): ConformanceCase {
  return b2Case({
    source: sources.b2Guide,
    ...fields,
    id: `b2/default-encryption/${id}`,
    needs: ['default-encryption', 'sse-b2', ...(fields.needs ?? [])],
  });
}

const classic = ['b2-classic'] as const;
const newer = ['b2-2026'] as const;

const settings = [
  defaultCase('fresh-bucket', {
    title: 'a bucket made without a default has none',
    requirement: 'A bucket has no default encryption unless one is set.',
    source: sources.b2sdk,
    profiles: classic,
    steps: [{ ...made(), expect: { json: shownDefault(null) } }, uploaded('f', b2Modes.none, {})],
  }),
  defaultCase('fresh-bucket-2026', {
    title: 'a bucket made without a default has SSE-B2, where all new files are encrypted',
    requirement: 'A bucket that is made without a default shows SSE-B2.',
    source: sources.b2Bucket,
    profiles: newer,
    steps: [{ ...made(), expect: { json: shownDefault('SSE-B2') } }, uploaded('f', b2Modes.sseB2, {})],
  }),
  defaultCase('set-when-made', {
    title: 'a default that is set when the bucket is made',
    requirement: 'A file that asks for nothing gets the default of its bucket.',
    steps: [
      { ...made({ defaultServerSideEncryption: sseB2 }), expect: { json: shownDefault('SSE-B2') } },
      uploaded('f', b2Modes.sseB2, {}),
      reads('f', b2Modes.sseB2),
    ],
  }),
  defaultCase('set-later', {
    title: 'a default that is set by b2_update_bucket, and shown by b2_list_buckets',
    requirement: 'A default can be set at any time and is shown to those who may see it.',
    steps: [
      made(),
      setDefault(sseB2, { status: 200, json: shownDefault('SSE-B2') }),
      {
        do: 'b2-call',
        operation: 'b2_list_buckets',
        body: { accountId: '{{accountId}}', bucketId: '{{box.id}}' },
        expect: { json: { 'buckets.0.defaultServerSideEncryption.value.mode': 'SSE-B2' } },
      },
      uploaded('f', b2Modes.sseB2, {}),
    ],
  }),
  defaultCase('unset', {
    title: 'a default that is taken away again',
    requirement: 'A default is taken away by the mode null; files written before keep their encryption.',
    profiles: classic,
    steps: [
      made({ defaultServerSideEncryption: sseB2 }),
      uploaded('before', b2Modes.sseB2, {}),
      setDefault(noMode, { status: 200, json: shownDefault(null) }),
      uploaded('after', b2Modes.none, {}),
      reads('before', b2Modes.sseB2),
    ],
  }),
  defaultCase('unset-2026', {
    title: 'the mode null, where all new files are encrypted',
    requirement: 'The mode null resets the default to SSE-B2.',
    source: sources.b2Bucket,
    profiles: newer,
    steps: [
      made(),
      setDefault(noMode, { status: 200, json: shownDefault('SSE-B2') }),
      uploaded('f', b2Modes.sseB2, {}),
    ],
  }),
  ...[
    { id: 'without-algorithm', value: { mode: 'SSE-B2' } },
    { id: 'other-algorithm', value: { mode: 'SSE-B2', algorithm: 'AES128' } },
    { id: 'unknown-mode', value: { mode: 'SSE-X', algorithm: 'AES256' } },
    { id: 'sse-c', value: { mode: 'SSE-C', algorithm: 'AES256' } },
    { id: 'sse-c-with-key', value: keySetting('A') },
  ].map(({ id, value }) =>
    defaultCase(`refused/${id}`, {
      title: `a default that cannot be: ${id.replaceAll('-', ' ')}`,
      requirement: 'The default of a bucket is SSE-B2 with AES256 or none; a refused one changes nothing.',
      steps: [
        made({ defaultServerSideEncryption: sseB2 }),
        setDefault(value, { status: 400, code: 'bad_request' }),
        uploaded('f', b2Modes.sseB2, {}),
      ],
    }),
  ),
];

const effects = [
  defaultCase('sse-c-wins', {
    title: 'SSE-C in a bucket with a default',
    requirement: 'A file that asks for SSE-C gets it, whatever the default of its bucket.',
    needs: ['sse-c'],
    steps: [
      made({ defaultServerSideEncryption: sseB2 }),
      uploaded('f', b2Modes.sseCA),
      reads('f', b2Modes.sseCA),
      { do: 'b2-download', from: { fileId: '{{f.json.fileId}}' }, expect: { status: 400 } },
    ],
  }),
  defaultCase('existing-files', {
    title: 'files that are older than the default',
    requirement: 'A default has no effect on files that are there already.',
    profiles: classic,
    needs: ['sse-c'],
    steps: [
      made(),
      uploaded('plain', b2Modes.none),
      uploaded('own-key', b2Modes.sseCA),
      setDefault(sseB2),
      reads('plain', b2Modes.none),
      reads('own-key', b2Modes.sseCA),
      {
        do: 'b2-call',
        operation: 'b2_get_file_info',
        body: { fileId: '{{plain.json.fileId}}' },
        expect: { json: b2Modes.none.json },
      },
    ],
  }),
  defaultCase('large-file-before', {
    title: 'a large file started before the default was set',
    requirement: 'The default counts when a large file is started, not when it is finished.',
    profiles: classic,
    needs: ['large-files'],
    steps: [made(), startedLarge(b2Modes.none), setDefault(sseB2), largePart(b2Modes.none)],
  }),
  defaultCase('large-file-within', {
    title: 'a large file started while the default is set',
    requirement: 'A large file that asks for nothing gets the default of its bucket, and so do its parts.',
    needs: ['large-files'],
    steps: [made({ defaultServerSideEncryption: sseB2 }), startedLarge(b2Modes.sseB2), largePart(b2Modes.sseB2)],
  }),
  defaultCase('copy-into', {
    title: 'a copy into a bucket with a default',
    requirement: 'A copy that asks for nothing gets the default of the bucket that it goes to.',
    profiles: classic,
    needs: ['copies'],
    steps: [
      made({ defaultServerSideEncryption: sseB2 }),
      { do: 'b2-upload', name: 'up', file: 'source', content, why: 'a plain file in another bucket' },
      copied('up', '{{box.id}}', b2Modes.sseB2),
      reads('copy', b2Modes.sseB2),
    ],
  }),
  defaultCase('copy-out-of', {
    title: 'a copy out of a bucket with a default',
    requirement: 'A copy into a bucket without a default is plain, even if its source is encrypted.',
    profiles: classic,
    needs: ['copies'],
    steps: [
      made({ defaultServerSideEncryption: sseB2 }),
      uploaded('up', b2Modes.sseB2, {}),
      copied('up', '{{bucket.id}}', b2Modes.none),
      reads('copy', b2Modes.none),
    ],
  }),
];

function startedLarge({ json }: B2Mode): Step {
  return {
    do: 'b2-call',
    name: 'large',
    operation: 'b2_start_large_file',
    body: { bucketId: '{{box.id}}', fileName: '{{dir}}/large', contentType: 'application/octet-stream' },
    expect: { json },
  };
}

function largePart({ json }: B2Mode): Step {
  return { do: 'b2-part', fileId: '{{large.json.fileId}}', number: 1, content, expect: { json } };
}

function copied(source: string, bucketId: string, { json }: B2Mode): Step {
  return {
    do: 'b2-call',
    name: 'copy',
    operation: 'b2_copy_file',
    body: {
      sourceFileId: `{{${source}.json.fileId}}`,
      fileName: '{{dir}}/copy',
      destinationBucketId: bucketId,
    },
    expect: { json },
  };
}

const rights = [
  defaultCase('not-readable', {
    title: 'a key without readBucketEncryption does not see the default',
    requirement: 'Who lacks readBucketEncryption is told so, and sees no value.',
    source: sources.b2Capabilities,
    needs: ['application-keys'],
    steps: [
      made({ defaultServerSideEncryption: sseB2 }),
      { do: 'b2-key', name: 'lister', capabilities: ['listBuckets'] },
      {
        do: 'b2-call',
        as: 'lister',
        operation: 'b2_list_buckets',
        body: { accountId: '{{accountId}}', bucketId: '{{box.id}}' },
        expect: {
          json: {
            'buckets.0.defaultServerSideEncryption.isClientAuthorizedToRead': false,
            'buckets.0.defaultServerSideEncryption.value': null,
          },
        },
      },
    ],
  }),
  defaultCase('readable', {
    title: 'a key with readBucketEncryption sees the default',
    requirement: 'Who has readBucketEncryption sees the default.',
    source: sources.b2Capabilities,
    needs: ['application-keys'],
    steps: [
      made({ defaultServerSideEncryption: sseB2 }),
      { do: 'b2-key', name: 'reader', capabilities: ['listBuckets', 'readBucketEncryption'] },
      {
        do: 'b2-call',
        as: 'reader',
        operation: 'b2_list_buckets',
        body: { accountId: '{{accountId}}', bucketId: '{{box.id}}' },
        expect: {
          json: {
            'buckets.0.defaultServerSideEncryption.isClientAuthorizedToRead': true,
            'buckets.0.defaultServerSideEncryption.value.mode': 'SSE-B2',
          },
        },
      },
    ],
  }),
  defaultCase('not-writable', {
    title: 'a key without writeBucketEncryption cannot set the default',
    requirement: 'Setting a default needs writeBucketEncryption beside writeBuckets.',
    source: sources.b2Capabilities,
    needs: ['application-keys'],
    steps: [
      made(),
      { do: 'b2-key', name: 'writer', capabilities: ['listBuckets', 'writeBuckets', 'readBucketEncryption'] },
      setDefault(sseB2, { status: 401, code: 'unauthorized' }, 'writer'),
    ],
  }),
  defaultCase('writable', {
    title: 'a key with writeBucketEncryption sets the default',
    requirement: 'Setting a default needs no more than writeBucketEncryption and writeBuckets.',
    source: sources.b2Capabilities,
    needs: ['application-keys'],
    steps: [
      made(),
      {
        do: 'b2-key',
        name: 'writer',
        capabilities: ['listBuckets', 'writeBuckets', 'readBucketEncryption', 'writeBucketEncryption'],
      },
      setDefault(sseB2, { status: 200, json: shownDefault('SSE-B2') }, 'writer'),
    ],
  }),
  defaultCase('upload-needs-no-right', {
    title: 'a key without rights of encryption uploads encrypted files',
    requirement: 'Asking for encryption when a large file is started needs only writeFiles.',
    source: sources.b2Capabilities,
    needs: ['application-keys', 'large-files', 'sse-c'],
    steps: [
      { do: 'b2-key', name: 'uploader', capabilities: ['listBuckets', 'writeFiles'] },
      {
        do: 'b2-call',
        as: 'uploader',
        operation: 'b2_start_large_file',
        body: {
          bucketId: '{{bucket.id}}',
          fileName: '{{dir}}/large',
          contentType: 'text/plain',
          serverSideEncryption: keySetting('A'),
        },
        expect: { status: 200, json: b2Modes.sseCA.json },
      },
    ],
  }),
];

const readWithKey = defaultCase('key-for-default-file', {
  title: 'a file encrypted by default is read without anything',
  requirement: 'A file with SSE-B2 is read like a plain one, by whoever may read it.',
  needs: ['application-keys'],
  steps: [
    made({ defaultServerSideEncryption: sseB2 }),
    uploaded('f', b2Modes.sseB2, {}),
    { do: 'b2-key', name: 'reader', capabilities: ['readFiles'] },
    { ...reads('f', b2Modes.sseB2), as: 'reader' } as Step,
  ],
});

export const b2DefaultEncryption: readonly ConformanceCase[] = [...settings, ...effects, ...rights, readWithKey];
