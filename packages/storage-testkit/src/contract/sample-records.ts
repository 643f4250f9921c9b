import type { FileVersionRecord, Tables } from '@coffer/storage-ports';

const bytes = (length: number, from = 0) => Uint8Array.from({ length }, (_, i) => (i + from) & 0xff);

/**
 * A file version with every kind of value: nested objects, bytes of every value, nulls, text outside of the BMP, odd
 * info names.
 */
export const sampleFileVersion: FileVersionRecord = {
  fileId: '4_z1234_f56_d20261124_m010203_c000_v0001_t0000_u01700000000000',
  accountId: '0123456789ab',
  bucketId: '0123456789abcdef01234567',
  name: 'photos/été/\u{1f600}.jpg',
  action: 'upload',
  uploadTimestamp: 1_795_508_123_456,
  size: Number.MAX_SAFE_INTEGER,
  contentType: '',
  checksums: {
    sha1: bytes(20),
    sha1Verified: false,
    md5: null,
    further: { algorithm: 'CRC32C', of: 'parts', value: bytes(4) },
  },
  entityTag: bytes(16),
  // As JSON, because a literal would set the prototype.
  fileInfo: JSON.parse(
    '{"__proto__":"a","constructor":"b","src_last_modified_millis":"0","0":"zero","":"empty"}',
  ) as Record<string, string>,
  encryption: {
    mode: 'SSE-B2',
    globalKeyId: 'g1',
    wrappedKey: bytes(72),
    verifier: null,
    seal: bytes(256),
  },
  blobId: 'abc',
  blobCheck: bytes(32, 3),
  partCount: null,
  retention: { mode: 'governance', retainUntil: 0 },
  legalHold: 'off',
  committedAt: 4_294_967_296,
};

/** A record for every table. */
export const sampleRecords: Tables = {
  accounts: { accountId: '0123456789ab', createdAt: 0 },
  applicationKeys: {
    applicationKeyId: '0010123456789ab0000000001',
    accountId: '0123456789ab',
    keyName: 'key',
    master: false,
    capabilities: ['listFiles', 'readFiles'],
    bucketIds: [],
    namePrefix: null,
    expirationTimestamp: null,
    sealedSecret: bytes(0),
    globalKeyId: 'g1',
    createdAt: 1,
  },
  buckets: {
    bucketId: '0123456789abcdef01234567',
    accountId: '0123456789ab',
    name: 'Bucket-1',
    type: 'allPrivate',
    info: {},
    corsRules: [
      {
        corsRuleName: 'rule',
        allowedOrigins: ['*'],
        allowedOperations: [],
        allowedHeaders: null,
        exposeHeaders: ['x'],
        maxAgeSeconds: 3600,
      },
    ],
    lifecycleRules: [],
    defaultEncryption: 'none',
    fileLockEnabled: true,
    defaultRetention: { mode: 'compliance', period: { duration: 7, unit: 'days' } },
    replication: null,
    notifies: false,
    revision: 2,
    createdAt: 1,
  },
  bucketNames: { bucketId: '0123456789abcdef01234567' },
  fileVersions: sampleFileVersion,
  fileIds: { bucketId: 'b', name: 'n', uploadTimestamp: 1 },
  nameHeads: { newestTimestamp: 1, current: { fileId: 'f', uploadTimestamp: 1, hidden: true } },
  visibleNames: { fileId: 'f', uploadTimestamp: 1 },
  supersededVersions: { fileId: 'f', uploadTimestamp: 1, hidden: false },
  unfinishedFiles: { name: 'n' },
  parts: {
    fileId: 'f',
    partNumber: 10_000,
    blobId: 'b',
    blobCheck: bytes(32, 5),
    size: 5_000_000_000,
    checksums: { sha1: bytes(20), sha1Verified: true, md5: bytes(16) },
    uploadTimestamp: 1,
    seal: bytes(32, 9),
  },
  partEpochs: { partNumber: 1 },
  blobReferences: { fileId: 'f', partNumber: 0 },
  inlineBlobs: bytes(65_536, 7),
  pendingDeletions: { kind: 'parts', fileId: 'f' },
  counters: { last: Number.MAX_SAFE_INTEGER },
  keyringCanary: { globalKeyId: 'g1', mac: bytes(32, 200) },
  storeIdentity: { storeId: '0'.repeat(32), formatVersion: 1, generation: 'f'.repeat(32) },
  notificationRules: {
    bucketId: '0123456789abcdef01234567',
    rules: [
      {
        ruleId: 'r1',
        name: 'my-rule',
        eventTypes: ['b2:ObjectCreated:*'],
        objectNamePrefix: 'été/',
        isEnabled: true,
        maxEventsPerBatch: 50,
        sealedTarget: bytes(90),
        globalKeyId: 'g1',
        suspension: { reason: 'for a test', since: 1 },
      },
    ],
  },
  notificationEvents: {
    eventId: 'e1',
    eventTimestamp: 1,
    eventType: 'b2:ObjectDeleted:Delete',
    objectName: '\u{1f600}',
    objectSize: Number.MAX_SAFE_INTEGER,
    objectVersionId: 'f',
  },
  notificationStates: { lease: { owner: 'w', expiresAt: 1 }, failures: { attempts: 1, since: 2, retryAt: 3 } },
  backupLeases: { owner: 'b', expiresAt: 1 },
  clockMarks: { seen: 1_700_000_000_000, boot: 'b', monotonic: 5, wall: 1 },
  blobWriteBounds: { bound: 16 },
};
