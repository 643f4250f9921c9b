import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import { absent } from '../../model/expectation.ts';
import type { B2CallStep, Headers, Json, Step } from '../../model/step.ts';
import { sources } from '../sources.ts';
import { b2Case } from './b2-case.ts';
import { b2Modes, demands, keyHeaders, keySetting, threeB2Modes, type B2Mode } from './encryption.ts';

const content: Content = { text: 'what is locked' };
/** Governance only: what is locked by compliance could not be removed after the run. */
const until = '{{time+86400}}';
const retention: Headers = {
  'X-Bz-File-Retention-Mode': 'governance',
  'X-Bz-File-Retention-Retain-Until-Timestamp': until,
};
const hold: Headers = { 'X-Bz-File-Legal-Hold': 'on' };

const lockedBucket: Step = { do: 'bucket', name: 'box', settings: { fileLockEnabled: true } };
const version = { fileName: '{{dir}}/f', fileId: '{{up.json.fileId}}' };

function uploaded({ writing }: B2Mode, headers: Headers = {}): Step {
  return {
    do: 'b2-upload',
    name: 'up',
    file: 'f',
    content,
    bucket: '{{box.id}}',
    headers: { ...writing, ...headers },
  };
}

function call(operation: string, fields: { readonly [name: string]: Json } = {}): B2CallStep {
  return { do: 'b2-call', operation, body: { ...version, ...fields } };
}

/** The service answers 401, which its client expects; 403 is what the documentation has for locks. */
const denied: Step['expect'] = { status: [401, 403], code: 'access_denied' };
const noRetention = { mode: null, retainUntilTimestamp: null };

const released: readonly Step[] = [
  call('b2_update_file_legal_hold', { legalHold: 'off' }),
  call('b2_update_file_retention', { fileRetention: noRetention, bypassGovernance: true }),
  call('b2_delete_file_version'),
];

type Fields = Pick<ConformanceCase, 'title' | 'requirement' | 'steps'> & Partial<ConformanceCase>;

function lockCase(id: string, fields: Fields): ConformanceCase {
  return b2Case({
    source: sources.b2Lock,
    ...fields,
    id: `b2/object-lock/${id}`,
    needs: ['object-lock', ...(fields.needs ?? [])],
  });
}

const locked = threeB2Modes.map((mode) =>
  lockCase(`${mode.id}/locked`, {
    title: `${mode.title}, uploaded with a retention and a legal hold`,
    requirement: 'A locked version says so, cannot be deleted, and opens as any other; no key is needed to release it.',
    ...demands(mode),
    steps: [
      lockedBucket,
      {
        ...uploaded(mode, { ...retention, ...hold }),
        expect: {
          status: 200,
          json: {
            ...mode.json,
            'fileRetention.value.mode': 'governance',
            'fileRetention.value.retainUntilTimestamp': until,
            'legalHold.value': 'on',
          },
        },
      },
      {
        do: 'b2-download',
        from: { fileId: '{{up.json.fileId}}' },
        headers: mode.reading,
        expect: {
          status: 200,
          headers: {
            ...mode.headers,
            'x-bz-file-retention-mode': 'governance',
            'x-bz-file-retention-retain-until-timestamp': until,
            'x-bz-file-legal-hold': 'on',
          },
          body: { content },
        },
      },
      { ...call('b2_delete_file_version'), expect: denied },
      { ...call('b2_update_file_legal_hold', { legalHold: 'off' }), expect: { json: { legalHold: 'off' } } },
      { ...call('b2_delete_file_version'), expect: denied, why: 'the retention is still there' },
      ...released.slice(1),
    ],
  }),
);

const rules = [
  lockCase('legal-hold-alone', {
    title: 'a file with SSE-C under a legal hold',
    requirement: 'A legal hold alone keeps a version, also from whoever may bypass governance.',
    needs: ['sse-c'],
    steps: [
      lockedBucket,
      uploaded(b2Modes.sseCA),
      { ...call('b2_update_file_legal_hold', { legalHold: 'on' }), expect: { json: { legalHold: 'on' } } },
      { ...call('b2_delete_file_version', { bypassGovernance: true }), expect: denied },
      ...released.slice(0, 1),
      call('b2_delete_file_version'),
    ],
  }),
  lockCase('shortened', {
    title: 'a retention of a file with SSE-C that is made shorter',
    requirement: 'A retention is made longer by whoever may write retentions, and shorter only by a bypass.',
    source: sources.b2Retention,
    needs: ['sse-c'],
    steps: [
      lockedBucket,
      uploaded(b2Modes.sseCA, retention),
      {
        ...call('b2_update_file_retention', {
          fileRetention: { mode: 'governance', retainUntilTimestamp: '{{time+172800}}' },
        }),
        expect: { json: { 'fileRetention.retainUntilTimestamp': '{{time+172800}}' } },
      },
      {
        ...call('b2_update_file_retention', { fileRetention: { mode: 'governance', retainUntilTimestamp: until } }),
        expect: { status: 403, code: 'access_denied' },
      },
      { ...call('b2_update_file_retention', { fileRetention: noRetention }), expect: { status: 403 } },
      ...released.slice(1),
    ],
  }),
  lockCase('bypassed', {
    title: 'a file with SSE-C under governance, deleted by a bypass',
    requirement: 'Whoever may bypass governance deletes a version by saying so.',
    source: sources.b2Lock,
    needs: ['sse-c'],
    steps: [
      lockedBucket,
      uploaded(b2Modes.sseCA, retention),
      { ...call('b2_delete_file_version', { bypassGovernance: true }), expect: { status: 200 } },
      { do: 'b2-download', from: { fileId: '{{up.json.fileId}}' }, headers: keyHeaders('A'), expect: { status: 404 } },
    ],
  }),
  lockCase('newer-versions', {
    title: 'a newer version and a hide marker over a locked file with SSE-C',
    requirement: 'A lock keeps its version; newer versions and hide markers are free.',
    needs: ['sse-c', 'versions'],
    steps: [
      lockedBucket,
      uploaded(b2Modes.sseCA, retention),
      { ...uploaded(b2Modes.sseCB), name: 'newer', expect: { status: 200 } },
      {
        do: 'b2-call',
        operation: 'b2_hide_file',
        body: { bucketId: '{{box.id}}', fileName: '{{dir}}/f' },
        expect: { status: 200 },
      },
      {
        do: 'b2-download',
        from: { fileId: '{{up.json.fileId}}' },
        headers: keyHeaders('A'),
        expect: { status: 200, body: { content } },
      },
      ...released.slice(1),
    ],
  }),
  lockCase('default', {
    title: 'files with and without SSE-C in a bucket with a default retention',
    requirement: 'A file that asks for no retention has the one of its bucket.',
    needs: ['sse-c'],
    steps: [
      lockedBucket,
      {
        do: 'b2-call',
        operation: 'b2_update_bucket',
        body: {
          accountId: '{{accountId}}',
          bucketId: '{{box.id}}',
          defaultRetention: { mode: 'governance', period: { duration: 1, unit: 'days' } },
        },
        expect: { json: { 'fileLockConfiguration.value.defaultRetention.mode': 'governance' } },
      },
      {
        ...uploaded(b2Modes.sseCA),
        expect: {
          json: {
            'fileRetention.value.mode': 'governance',
            'fileRetention.value.retainUntilTimestamp': { shape: '\\d{13}' },
          },
        },
      },
      { ...call('b2_delete_file_version'), expect: denied },
      ...released.slice(1),
    ],
  }),
  lockCase('copy-is-free', {
    title: 'a copy of a locked file with SSE-C',
    requirement: 'A copy has no lock but the one that it asks for.',
    source: sources.b2Copy,
    needs: ['sse-c', 'copies'],
    steps: [
      lockedBucket,
      uploaded(b2Modes.sseCA, { ...retention, ...hold }),
      {
        do: 'b2-call',
        operation: 'b2_copy_file',
        body: {
          sourceFileId: '{{up.json.fileId}}',
          fileName: '{{dir}}/copy',
          sourceServerSideEncryption: keySetting('A'),
          destinationServerSideEncryption: keySetting('B'),
        },
        expect: { json: { 'fileRetention.value.mode': null, 'legalHold.value': { oneOf: [null, 'off'] } } },
      },
      ...released,
    ],
  }),
  lockCase('large-file', {
    title: 'a large file with SSE-C that is started with a retention',
    requirement: 'A large file has the lock that it was started with.',
    source: sources.b2Start,
    needs: ['sse-c', 'large-files'],
    steps: [
      lockedBucket,
      {
        do: 'b2-call',
        name: 'up',
        operation: 'b2_start_large_file',
        body: {
          bucketId: '{{box.id}}',
          fileName: '{{dir}}/f',
          contentType: 'text/plain',
          serverSideEncryption: keySetting('A'),
          fileRetention: { mode: 'governance', retainUntilTimestamp: until },
        },
        expect: { json: { 'fileRetention.value.mode': 'governance' } },
      },
      ...[1, 2].map((number): Step => ({
        do: 'b2-part',
        name: `part${number}`,
        fileId: '{{up.json.fileId}}',
        number,
        content: { size: { minimumPart: 0 }, seed: 80 + number },
        headers: keyHeaders('A'),
      })),
      {
        do: 'b2-call',
        operation: 'b2_finish_large_file',
        body: {
          fileId: '{{up.json.fileId}}',
          partSha1Array: ['{{part1.json.contentSha1}}', '{{part2.json.contentSha1}}'],
        },
        expect: {
          json: { 'fileRetention.value.mode': 'governance', 'fileRetention.value.retainUntilTimestamp': until },
        },
      },
      { ...call('b2_delete_file_version'), expect: denied },
      ...released.slice(1),
    ],
  }),
];

const refusals = [
  lockCase('no-lock', {
    title: 'a retention in a bucket without Object Lock',
    requirement: 'Retentions and legal holds need a bucket with Object Lock.',
    source: sources.b2Upload,
    needs: ['sse-c'],
    steps: [
      { do: 'bucket', name: 'box' },
      {
        ...uploaded(b2Modes.sseCA, retention),
        expect: { status: 400, code: ['bucket_missing_file_lock', 'bad_request'] },
      },
      {
        ...uploaded(b2Modes.sseCA, hold),
        expect: { status: 400, code: ['bucket_missing_file_lock', 'bad_request'] },
      },
      uploaded(b2Modes.sseCA),
      {
        ...call('b2_update_file_legal_hold', { legalHold: 'on' }),
        expect: { status: 400, code: ['bucket_missing_file_lock', 'bad_request'] },
      },
    ],
  }),
  lockCase('past', {
    title: 'a retention of a file with SSE-C that ends in the past',
    requirement: 'A retention ends in the future, or the upload is refused.',
    source: sources.b2sdk,
    needs: ['sse-c'],
    steps: [
      lockedBucket,
      {
        ...uploaded(b2Modes.sseCA, { ...retention, 'X-Bz-File-Retention-Retain-Until-Timestamp': '{{time-86400}}' }),
        expect: { status: 400, code: ['retain_until_timestamp_must_be_in_future', 'bad_request'] },
      },
    ],
  }),
  lockCase('half', {
    title: 'a retention of a file with SSE-C without its end',
    requirement: 'A retention has a mode and an end, or the upload is refused.',
    source: sources.b2Upload,
    needs: ['sse-c'],
    steps: [
      lockedBucket,
      {
        ...uploaded(b2Modes.sseCA, { 'X-Bz-File-Retention-Mode': 'governance' }),
        expect: { status: 400, code: 'bad_request' },
      },
    ],
  }),
  lockCase('capabilities', {
    title: 'locks of a file with SSE-C, with a key that may not see or set them',
    requirement: 'Seeing and setting locks need capabilities of their own.',
    source: sources.b2Capabilities,
    needs: ['sse-c', 'application-keys'],
    steps: [
      lockedBucket,
      uploaded(b2Modes.sseCA, { ...retention, ...hold }),
      { do: 'b2-key', name: 'some', capabilities: ['readFiles', 'writeFiles', 'deleteFiles'] },
      {
        do: 'b2-call',
        operation: 'b2_get_file_info',
        body: { fileId: '{{up.json.fileId}}' },
        as: 'some',
        expect: {
          json: {
            'fileRetention.isClientAuthorizedToRead': false,
            'fileRetention.value': null,
            'legalHold.isClientAuthorizedToRead': false,
            'legalHold.value': null,
          },
        },
      },
      {
        do: 'b2-download',
        from: { fileId: '{{up.json.fileId}}' },
        headers: keyHeaders('A'),
        as: 'some',
        expect: {
          status: 200,
          headers: { 'x-bz-file-retention-mode': absent, 'x-bz-file-legal-hold': absent },
          body: { content },
        },
      },
      { ...call('b2_update_file_legal_hold', { legalHold: 'off' }), as: 'some', expect: { status: [401, 403] } },
      {
        ...call('b2_update_file_retention', { fileRetention: noRetention, bypassGovernance: true }),
        as: 'some',
        expect: { status: [401, 403] },
      },
      { ...call('b2_delete_file_version', { bypassGovernance: true }), as: 'some', expect: { status: [401, 403] } },
      ...released,
    ],
  }),
];

export const b2ObjectLock: readonly ConformanceCase[] = [...locked, ...rules, ...refusals];
