import { operationNames, operations, type OperationName } from '../src/operations/operations.ts';
import type { FieldRow } from '../src/requests/extension-row.ts';

export const accountId = 'd2e6b27577ea';
export const bucketId = '8d625eb63be2775577c70e1a';
export const fileId = `4_z${bucketId}_f200ec353a2184825_d20160409_m004829_c000_v0001016_t0028`;
const largeFileId = `4_z${bucketId}_f2000ec353a2184825_d20160409_m004829_c000_v0001016_t0028`;
export const customerKey = 'pO3upElrwuEXSoFwCfnZPdSsmt/xWeFa0N9KgDijwVs=';
export const sseC = { mode: 'SSE-C', algorithm: 'AES256', customerKey, customerKeyMd5: 'DWygnHRtgiJ77HCm+1rvHw==' };
export const sseB2 = { mode: 'SSE-B2', algorithm: 'AES256' };

/** A good request of a row with every field, and one bad value (at least) for each field that can have one. */
interface Sample {
  readonly good: Record<string, unknown>;
  readonly bad: Record<string, readonly unknown[]>;
}

const badId = [7, 'nonsense', '', `${fileId}?`, 'x'.repeat(10_000)];
const badText = [7, true, {}];
const badName = [7, '', 'a\n', '\u007f', 'é'.repeat(600), '\ud800'];
const badCount = [-1, 1.5, 'ten', 10_001];
const badSse = [
  { ...sseC, algorithm: 'AES128' },
  { mode: 'SSE-D' },
  'AES256',
  { mode: 'SSE-B2' },
  { ...sseC, more: 1 },
];
const badDefault = [...badSse, sseC, { algorithm: 'AES256' }];
const badRange = ['bytes=5-1', 'bytes=-5', 'bytes=5-', '0-5', 7];
const badRetention = [
  { mode: 'governance' },
  { mode: 'forever', retainUntilTimestamp: 5 },
  { retainUntilTimestamp: 5 },
];
const badHold = ['ON', true];
const badInfo = [{ 'b2-other': 'x' }, { 'sp ace': 'x' }, { a: 1 }, { a: 'x', A: 'x' }, { ['k'.repeat(51)]: 'x' }, []];
const badType = [7, 'text/plain\r\nX: y', '', 'x'.repeat(1025)];
const overrides = {
  b2CacheControl: 'max-age=3600',
  b2ContentDisposition: 'attachment; filename="a.txt"',
  b2ContentEncoding: 'gzip',
  b2ContentLanguage: 'de, en-GB',
  b2ContentType: 'text/plain',
  b2Expires: 'Thu, 01 Dec 1994 16:00:00 GMT',
};
const badOverrides = {
  b2CacheControl: ['a b', 'x\r\ny'],
  b2ContentDisposition: ['attachment; filename*0=a', ''],
  b2ContentEncoding: ['a b'],
  b2ContentLanguage: ['de DE'],
  b2ContentType: badType,
  b2Expires: ['tomorrow'],
};
const cors = {
  corsRuleName: 'downloads',
  allowedOrigins: ['https://*.example.com', 'http'],
  allowedOperations: ['b2_download_file_by_name'],
  allowedHeaders: ['range', 'x-bz-*'],
  exposeHeaders: null,
  maxAgeSeconds: 3600,
};
const badCors = [
  [{ ...cors, corsRuleName: 'b2-rules' }],
  [{ ...cors, allowedOrigins: ['*', 'https://a.example'] }],
  [{ ...cors, allowedOrigins: ['https://*.*.example'] }],
  [{ ...cors, allowedOrigins: [''] }],
  [{ ...cors, allowedOrigins: ['https://\ud800'] }],
  [{ ...cors, allowedOperations: [] }],
  [{ ...cors, allowedHeaders: ['a*b'] }],
  [{ ...cors, maxAgeSeconds: 86_401 }],
  [{ ...cors, more: 1 }],
  [cors, cors],
  [{ ...cors, allowedHeaders: ['x'.repeat(1000)] }],
];
const lifecycle = { fileNamePrefix: 'logs/', daysFromUploadingToHiding: null, daysFromHidingToDeleting: 7 };
const badLifecycle = [
  [{ fileNamePrefix: '' }],
  [{ ...lifecycle, daysFromHidingToDeleting: 0 }],
  [lifecycle, { ...lifecycle, fileNamePrefix: 'logs/a' }],
  [lifecycle, lifecycle],
  [{ daysFromHidingToDeleting: 7 }],
  [{ ...lifecycle, fileNamePrefix: '\ud800' }],
];
const replication = {
  asReplicationSource: {
    replicationRules: [
      { destinationBucketId: bucketId, fileNamePrefix: '', priority: 1, replicationRuleName: 'a_rule' },
    ],
    sourceApplicationKeyId: '002d2e6b27577ea000000000c',
  },
  asReplicationDestination: null,
};
const badReplication = [
  { asReplicationSource: {} },
  { more: 1 },
  ...[-1, 0.5, 2_147_483_648].map((priority) => ({
    asReplicationSource: {
      ...replication.asReplicationSource,
      replicationRules: [{ destinationBucketId: bucketId, priority, replicationRuleName: 'a_rule' }],
    },
  })),
  { asReplicationDestination: { sourceToDestinationKeyMapping: { nonsense: '002d2e6b27577ea000000000c' } } },
  {
    asReplicationSource: {
      sourceApplicationKeyId: '002d2e6b27577ea000000000c',
      replicationRules: [{ destinationBucketId: bucketId, fileNamePrefix: '\ud800', replicationRuleName: 'a_rule' }],
    },
  },
];
const badInfoOfBucket = [
  { 'Cache-Control': 'a\r\nB: c' },
  { 'Cache-Control': 'x'.repeat(1025) },
  { ' ': 'x' },
  Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`k${i}`, 'x'])),
  'x',
];

const bucketSettings = {
  bucketInfo: { 'Cache-Control': 'max-age=60' },
  corsRules: [cors],
  lifecycleRules: [lifecycle],
  fileLockEnabled: true,
  defaultServerSideEncryption: sseB2,
  replicationConfiguration: replication,
};
const badBucketSettings = {
  bucketInfo: badInfoOfBucket,
  corsRules: badCors,
  lifecycleRules: badLifecycle,
  fileLockEnabled: ['yes', 1],
  defaultServerSideEncryption: badDefault,
  replicationConfiguration: badReplication,
};
const listing = { bucketId, startFileName: 'a', maxFileCount: 10, prefix: 'a/', delimiter: '/' };
const badListing = {
  bucketId: badId,
  startFileName: badText,
  maxFileCount: badCount,
  prefix: ['\ud800', 7],
  delimiter: badText,
};

const webhook = {
  targetType: 'webhook',
  url: 'https://example.com/hook?a=b',
  customHeaders: [{ name: 'X-Token', value: 'a b' }],
  hmacSha256SigningSecret: 'a1'.repeat(16),
};
const notification = {
  name: 'my-rule',
  eventTypes: ['b2:ObjectCreated:Upload', 'b2:ObjectCreated:Copy'],
  isEnabled: true,
  objectNamePrefix: 'a/',
  maxEventsPerBatch: 50,
  targetConfiguration: webhook,
  isSuspended: false,
  suspensionReason: '',
};
const badNotifications = [
  ...['short', 'b2-rule', 'under_score', 7].map((name) => [{ ...notification, name }]),
  ...[
    [],
    ['b2:ObjectCreated'],
    ['b2:*'],
    ['b2:ObjectCreated:Hide'],
    ['b2:ObjectCreated:*', 'b2:ObjectCreated:Upload'],
    ['b2:ObjectCreated:Upload', 'b2:ObjectCreated:Upload'],
    ['b2:ObjectDeleted:*', 'b2:ObjectCreated:*', 'b2:ObjectCreated:Upload'],
    'b2:ObjectCreated:*',
    [7],
  ].map((eventTypes) => [{ ...notification, eventTypes }]),
  ...['yes', undefined].map((isEnabled) => [{ ...notification, isEnabled }]),
  ...['\ud800', undefined].map((objectNamePrefix) => [{ ...notification, objectNamePrefix }]),
  ...[0, 51, 1.5, '1'].map((maxEventsPerBatch) => [{ ...notification, maxEventsPerBatch }]),
  ...[
    { ...webhook, targetType: 'url' },
    ...['example.com', 'ftp://example.com', 'https://', ' https://example.com', 'https://a:b@example.com/', 7].map(
      (url) => ({ ...webhook, url }),
    ),
    { ...webhook, url: `https://example.com/${'x'.repeat(2048)}` },
    ...['a1'.repeat(15), `${'a1'.repeat(15)}-_`, 7].map((hmacSha256SigningSecret) => ({
      ...webhook,
      hmacSha256SigningSecret,
    })),
    ...[
      [{ name: 'X-Bz-Token', value: '' }],
      [{ name: 'host', value: 'example.org' }],
      [{ name: 'a b', value: '' }],
      [{ name: 'a', value: 'x\r\ny: z' }],
      [
        { name: 'a', value: '1' },
        { name: 'A', value: '2' },
      ],
      [{ name: 'a', value: 'x'.repeat(2048) }],
      Array.from({ length: 11 }, (_, i) => ({ name: `a${i}`, value: '' })),
      [{ name: 'a' }],
      { 'Content-Length': '1' },
      'a: b',
    ].map((customHeaders) => ({ ...webhook, customHeaders })),
    { ...webhook, more: 1 },
    undefined,
  ].map((targetConfiguration) => [{ ...notification, targetConfiguration }]),
  [{ ...notification, more: 1 }],
  [notification, notification],
  [notification, { ...notification, name: 'other-rule', objectNamePrefix: 'a' }],
  [notification, { ...notification, name: 'other-rule', objectNamePrefix: 'a/b', eventTypes: ['b2:ObjectCreated:*'] }],
  Array.from({ length: 26 }, (_, i) => ({ ...notification, name: `rule-${i}`, objectNamePrefix: `${i}/` })),
];

const samples: Partial<Record<OperationName, Sample>> = {
  b2_create_bucket: {
    good: { accountId, bucketName: 'my-bucket', bucketType: 'allPrivate', ...bucketSettings },
    bad: {
      accountId: badId,
      bucketName: ['short', 'b2-bucket', 'under_score', 'a..bucket', '.bucket', '192.168.10.1', 'x'.repeat(64)],
      bucketType: ['public', 'snapshot', 1],
      ...badBucketSettings,
    },
  },
  b2_update_bucket: {
    good: {
      accountId,
      bucketId,
      bucketType: 'allPublic',
      ...bucketSettings,
      defaultRetention: { mode: 'governance', period: { duration: 7, unit: 'days' } },
      ifRevisionIs: 2,
    },
    bad: {
      accountId: badId,
      bucketId: badId,
      bucketType: ['public'],
      ...badBucketSettings,
      defaultRetention: [
        { mode: 'governance' },
        { mode: 'governance', period: { duration: 0, unit: 'days' } },
        { mode: 'governance', period: { duration: 9, unit: 'years' } },
        { mode: null, period: { duration: 7, unit: 'days' } },
      ],
      ifRevisionIs: [-1, 'two'],
    },
  },
  b2_delete_bucket: { good: { accountId, bucketId }, bad: { accountId: badId, bucketId: badId } },
  b2_list_buckets: {
    good: { accountId, bucketId, bucketName: 'my-bucket', bucketTypes: ['all'] },
    bad: { accountId: badId, bucketId: badText, bucketName: badText, bucketTypes: [[], ['all', 'allPublic'], ['x']] },
  },
  b2_create_key: {
    good: {
      accountId,
      capabilities: ['readFiles', 'listFiles'],
      keyName: 'my-key',
      validDurationInSeconds: 3600,
      bucketIds: [bucketId],
      namePrefix: 'a/',
    },
    bad: {
      accountId: badId,
      capabilities: [[], ['fly'], 'readFiles'],
      keyName: ['', 'under_score', 'x'.repeat(101)],
      validDurationInSeconds: [0, 86_400_001, 'day'],
      bucketIds: [[], ['nonsense']],
      namePrefix: ['\ud800', 7],
    },
  },
  b2_list_keys: {
    good: { accountId, maxKeyCount: 1000, startApplicationKeyId: '002d2e6b27577ea000000000c' },
    bad: { accountId: badId, maxKeyCount: badCount, startApplicationKeyId: badText },
  },
  b2_delete_key: { good: { applicationKeyId: '002d2e6b27577ea000000000c' }, bad: { applicationKeyId: badId } },
  b2_get_upload_url: { good: { bucketId }, bad: { bucketId: badId } },
  b2_get_upload_part_url: { good: { fileId }, bad: { fileId: badId } },
  b2_start_large_file: {
    good: {
      bucketId,
      fileName: 'a/b.bin',
      contentType: 'b2/x-auto',
      fileInfo: { large_file_sha1: 'x', Other: 'über\n' },
      serverSideEncryption: sseC,
      fileRetention: { mode: 'compliance', retainUntilTimestamp: '1628942493000' },
      legalHold: 'on',
      customUploadTimestamp: '1628942493000',
    },
    bad: {
      bucketId: badId,
      fileName: badName,
      contentType: badType,
      fileInfo: badInfo,
      serverSideEncryption: badSse,
      fileRetention: badRetention,
      legalHold: badHold,
      customUploadTimestamp: ['soon', -5, 1.5],
    },
  },
  b2_copy_part: {
    good: {
      sourceFileId: fileId,
      largeFileId,
      partNumber: 1,
      range: 'bytes=0-99',
      sourceServerSideEncryption: sseC,
      destinationServerSideEncryption: sseC,
    },
    bad: {
      sourceFileId: badId,
      largeFileId: badId,
      partNumber: [0, 10_001, 'one'],
      range: badRange,
      sourceServerSideEncryption: badSse,
      destinationServerSideEncryption: badSse,
    },
  },
  b2_copy_file: {
    good: {
      sourceFileId: fileId,
      fileName: 'copy',
      destinationBucketId: bucketId,
      range: 'bytes=0-99',
      metadataDirective: 'REPLACE',
      contentType: 'text/plain',
      fileInfo: { a: 'b' },
      fileRetention: { mode: null, retainUntilTimestamp: null },
      legalHold: 'off',
      sourceServerSideEncryption: sseC,
      destinationServerSideEncryption: sseB2,
    },
    bad: {
      sourceFileId: badId,
      fileName: badName,
      destinationBucketId: badId,
      range: badRange,
      metadataDirective: ['copy', 'COPY'],
      contentType: badType,
      fileInfo: badInfo,
      fileRetention: badRetention,
      legalHold: badHold,
      sourceServerSideEncryption: badSse,
      destinationServerSideEncryption: badSse,
    },
  },
  b2_finish_large_file: {
    good: { fileId, partSha1Array: ['a'.repeat(40), `unverified:${'b'.repeat(40)}`] },
    bad: { fileId: badId, partSha1Array: [['x'], 'a'.repeat(40), [null]] },
  },
  b2_cancel_large_file: { good: { fileId }, bad: { fileId: badId } },
  b2_list_parts: {
    good: { fileId, startPartNumber: 2, maxPartCount: 100 },
    bad: { fileId: badId, startPartNumber: [-1, 10_001, 'one'], maxPartCount: badCount },
  },
  b2_list_unfinished_large_files: {
    good: { bucketId, namePrefix: 'a', startFileId: fileId, maxFileCount: 50 },
    bad: { bucketId: badId, namePrefix: badText, startFileId: badId, maxFileCount: [-1, 'x'] },
  },
  b2_list_file_names: { good: listing, bad: badListing },
  b2_list_file_versions: { good: { ...listing, startFileId: fileId }, bad: { ...badListing, startFileId: badId } },
  b2_get_bucket_notification_rules: { good: { bucketId }, bad: { bucketId: badId } },
  b2_set_bucket_notification_rules: {
    good: { bucketId, eventNotificationRules: [notification] },
    bad: { bucketId: badId, eventNotificationRules: badNotifications },
  },
  b2_get_file_info: { good: { fileId }, bad: { fileId: badId } },
  b2_hide_file: { good: { bucketId, fileName: 'a' }, bad: { bucketId: badId, fileName: badName } },
  b2_update_file_legal_hold: {
    good: { fileName: 'a', fileId, legalHold: 'off' },
    bad: { fileName: badName, fileId: badId, legalHold: badHold },
  },
  b2_update_file_retention: {
    good: {
      fileName: 'a',
      fileId,
      fileRetention: { mode: 'compliance', retainUntilTimestamp: '1628942493000' },
      bypassGovernance: 'true',
    },
    bad: { fileName: badName, fileId: badId, fileRetention: badRetention, bypassGovernance: ['yes', 1] },
  },
  b2_delete_file_version: {
    good: { fileName: 'a', fileId, bypassGovernance: 'true' },
    bad: { fileName: badName, fileId: badId, bypassGovernance: ['yes', 1] },
  },
  b2_get_download_authorization: {
    good: { bucketId, fileNamePrefix: 'a/', validDurationInSeconds: 60, ...overrides },
    bad: {
      bucketId: badId,
      fileNamePrefix: badText,
      validDurationInSeconds: [0, 604_801, 'x'],
      ...badOverrides,
    },
  },
  b2_download_file_by_id: {
    good: { fileId, serverSideEncryption: sseC, ...overrides },
    bad: { fileId: badId, serverSideEncryption: badSse, ...badOverrides },
  },
  b2_download_file_by_name: {
    good: { bucketName: 'my-bucket', fileName: 'a/b', serverSideEncryption: sseC, ...overrides },
    bad: { bucketName: badText, fileName: badText, serverSideEncryption: badSse, ...badOverrides },
  },
};

/** The rows that take fields, each with its samples. */
export const sampled = operationNames.flatMap((name) => {
  const row: FieldRow | undefined = fieldRow(name);
  const sample = samples[name];
  return row === undefined || sample === undefined ? [] : [{ name, row, ...sample }];
});

/** The row, if it takes fields. */
export function fieldRow(name: OperationName): FieldRow | undefined {
  const row = operations[name];
  return row.kind === 'upload' || name === 'b2_authorize_account' ? undefined : row;
}
