import type {
  AccountRecord,
  ApplicationKeyRecord,
  BackupLease,
  BlobWriteBound,
  BlobReference,
  BucketRecord,
  ClockMark,
  CorsRule,
  DefaultRetention,
  FileTally,
  FileLocation,
  FileRetention,
  FileVersionRecord,
  KeyringCanary,
  LeftOutFiles,
  LifecycleRule,
  MemberBeat,
  MemberRecord,
  NameHead,
  NotificationEventRecord,
  NotificationRuleRecord,
  NotificationRulesRecord,
  NotificationStateRecord,
  NotificationSuspension,
  PartRecord,
  PendingDeletion,
  RecordProof,
  ReplicationConfiguration,
  ReplicationRule,
  SnapshotContent,
  SnapshotCursor,
  SnapshotFile,
  SnapshotItem,
  SnapshotRecord,
  SnapshotRequest,
  SnapshotUpload,
  StoreIdentity,
  StoredEncryption,
  StoredChecksums,
  StoredFurtherChecksum,
  SupersededVersion,
  TableName,
  Tables,
  VisibleName,
  WorkLease,
} from '@coffer/storage-ports';
import { maximumPartNumber } from '../core/options.ts';
import {
  bytes,
  bytesOf,
  either,
  listOf,
  mapOf,
  nullable,
  oneOf,
  optional,
  record,
  text,
  textLike,
  truth,
  whole,
  type Shape,
} from './record-shape.ts';

const id = textLike(/^[\x21-\x7e]{1,200}$/, 'an id');
const hex32 = textLike(/^[0-9a-f]{32}$/, '32 hexadecimal digits');
const time = whole();
const partNumber: Shape<number> = {
  problem: (value) =>
    whole().problem(value) ?? (Number(value) > maximumPartNumber ? 'is not a part number' : undefined),
};

const retention = record<FileRetention>({ mode: oneOf('governance', 'compliance'), retainUntil: time });
const defaultRetention = record<DefaultRetention>({
  mode: oneOf('governance', 'compliance'),
  period: record<DefaultRetention['period']>({ duration: whole(1), unit: oneOf('days', 'years') }),
});
const furtherChecksum = record<StoredFurtherChecksum>({
  algorithm: oneOf('CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'),
  of: oneOf('content', 'parts'),
  value: nullable(bytes),
});
const checksums = record<StoredChecksums>({
  sha1: nullable(bytesOf(20)),
  sha1Verified: truth,
  md5: nullable(bytesOf(16)),
  further: optional(furtherChecksum),
});

const proof = optional(record<RecordProof>({ globalKeyId: id, mac: bytesOf(32) }));

const encryption = record<StoredEncryption>({
  mode: oneOf('none', 'SSE-B2', 'SSE-C'),
  globalKeyId: id,
  wrappedKey: nullable(bytes),
  verifier: nullable(bytes),
  seal: bytesOf(32),
});

const fileVersion = record<FileVersionRecord>({
  fileId: id,
  accountId: id,
  bucketId: id,
  name: text,
  action: oneOf('upload', 'start', 'hide'),
  uploadTimestamp: time,
  size: whole(),
  contentType: text,
  checksums,
  entityTag: optional(bytesOf(16)),
  fileInfo: mapOf(text),
  encryption,
  blobId: nullable(id),
  blobCheck: nullable(bytes),
  partCount: nullable(whole(1)),
  retention: nullable(retention),
  legalHold: nullable(oneOf('on', 'off')),
  committedAt: time,
});

const part = record<PartRecord>({
  fileId: id,
  partNumber,
  blobId: id,
  blobCheck: bytes,
  size: whole(),
  checksums,
  uploadTimestamp: time,
  seal: bytesOf(32),
});

const corsRule = record<CorsRule>({
  corsRuleName: text,
  allowedOrigins: listOf(text),
  allowedOperations: listOf(text),
  allowedHeaders: nullable(listOf(text)),
  exposeHeaders: nullable(listOf(text)),
  maxAgeSeconds: whole(),
});

const lifecycleRule = record<LifecycleRule>({
  fileNamePrefix: text,
  daysFromUploadingToHiding: nullable(whole(1)),
  daysFromHidingToDeleting: nullable(whole(1)),
  daysFromStartingToCancelingUnfinishedLargeFiles: nullable(whole(1)),
});

const replicationRule = record<ReplicationRule>({
  destinationBucketId: text,
  fileNamePrefix: text,
  includeExistingFiles: truth,
  isEnabled: truth,
  priority: whole(Number.MIN_SAFE_INTEGER),
  replicationRuleName: text,
  enabledSince: optional(time),
});

const replication = record<ReplicationConfiguration>({
  asReplicationSource: nullable(
    record<NonNullable<ReplicationConfiguration['asReplicationSource']>>({
      replicationRules: listOf(replicationRule),
      sourceApplicationKeyId: text,
    }),
  ),
  asReplicationDestination: nullable(
    record<NonNullable<ReplicationConfiguration['asReplicationDestination']>>({
      sourceToDestinationKeyMapping: mapOf(text),
    }),
  ),
});

const bucket = record<BucketRecord>({
  bucketId: id,
  accountId: id,
  name: text,
  type: oneOf('allPublic', 'allPrivate', 'snapshot'),
  info: mapOf(text),
  corsRules: listOf(corsRule),
  lifecycleRules: listOf(lifecycleRule),
  defaultEncryption: oneOf('none', 'SSE-B2'),
  blocksCustomerKeys: optional(truth),
  fileLockEnabled: truth,
  defaultRetention: nullable(defaultRetention),
  replication: nullable(replication),
  notifies: truth,
  revision: whole(1),
  createdAt: time,
  proof,
});

const applicationKey = record<ApplicationKeyRecord>({
  applicationKeyId: id,
  accountId: id,
  keyName: text,
  master: truth,
  capabilities: listOf(text),
  bucketIds: nullable(listOf(id)),
  namePrefix: nullable(text),
  expirationTimestamp: nullable(time),
  sealedSecret: bytes,
  globalKeyId: id,
  secretReplacements: optional(whole()),
  createdAt: time,
  proof,
});

const suspension = record<NotificationSuspension>({ reason: text, since: time });

const notificationRule = record<NotificationRuleRecord>({
  ruleId: id,
  name: text,
  eventTypes: listOf(text),
  objectNamePrefix: text,
  isEnabled: truth,
  maxEventsPerBatch: whole(1),
  sealedTarget: bytes,
  globalKeyId: id,
  suspension: nullable(suspension),
});

const notificationEvent = record<NotificationEventRecord>({
  eventId: id,
  eventTimestamp: time,
  // The types themselves are a protocol's.
  eventType: textLike(/^b2:\w+:\w+$/, 'a type of event') as Shape<NotificationEventRecord['eventType']>,
  objectName: text,
  objectSize: whole(),
  objectVersionId: id,
});

const notificationState = record<NotificationStateRecord>({
  lease: nullable(record<NonNullable<NotificationStateRecord['lease']>>({ owner: text, expiresAt: time })),
  failures: nullable(
    record<NonNullable<NotificationStateRecord['failures']>>({ attempts: whole(), since: time, retryAt: time }),
  ),
});

const pendingDeletion: Shape<PendingDeletion> = either(
  record<Extract<PendingDeletion, { kind: 'blob' }>>({ kind: oneOf('blob'), blobId: id }),
  either(
    record<Extract<PendingDeletion, { kind: 'parts' }>>({ kind: oneOf('parts'), fileId: id }),
    record<Extract<PendingDeletion, { kind: 'discarded' }>>({
      kind: oneOf('discarded'),
      fileId: id,
      partNumbers: listOf(partNumber),
    }),
  ),
);

const tally = record<FileTally>({ files: whole(), bytes: whole() });
const leftOut = record<LeftOutFiles>({ files: whole(), bytes: whole(), names: listOf(text) });
const snapshotCursor = record<SnapshotCursor>({ item: whole(), after: nullable(text) });

const snapshot = record<SnapshotRecord>({
  snapshotId: hex32,
  accountId: id,
  bucketId: id,
  bucketName: text,
  fileName: text,
  request: optional(
    record<SnapshotRequest>({ id: text, digest: textLike(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal') }),
  ),
  selected: record<SnapshotRecord['selected']>({ files: whole(), folders: whole() }),
  state: oneOf('waiting', 'running', 'done', 'failed', 'cancelled'),
  createdAt: time,
  startedAt: nullable(time),
  endedAt: nullable(time),
  listing: record<SnapshotRecord['listing']>({ rows: whole(), next: nullable(snapshotCursor) }),
  total: tally,
  done: tally,
  encrypted: leftOut,
  absent: leftOut,
  deleted: leftOut,
  renamed: record<SnapshotRecord['renamed']>({
    files: whole(),
    names: listOf(record<SnapshotRecord['renamed']['names'][number]>({ name: text, storedAs: text })),
  }),
  upload: nullable(record<SnapshotUpload>({ bucketId: id, fileId: id, partSize: whole(1), isFinishing: truth })),
  size: nullable(whole()),
  failure: nullable(record<NonNullable<SnapshotRecord['failure']>>({ code: text, message: text })),
  proof,
});

const snapshotItem: Shape<SnapshotItem> = either(
  record<Extract<SnapshotItem, { kind: 'file' }>>({ kind: oneOf('file'), name: text, fileId: nullable(id) }),
  record<Extract<SnapshotItem, { kind: 'folder' }>>({ kind: oneOf('folder'), prefix: text }),
);

const snapshotContent: Shape<SnapshotContent> = either(
  record<Extract<SnapshotContent, { kind: 'selection' }>>({ kind: oneOf('selection'), items: listOf(snapshotItem) }),
  record<Extract<SnapshotContent, { kind: 'files' }>>({
    kind: oneOf('files'),
    files: listOf(record<SnapshotFile>({ fileId: id, name: text, size: whole() })),
  }),
);

/** What the records of each table look like. Total: a table without a shape does not compile, nor does a field. */
export const tableShapes: { readonly [Name in TableName]: Shape<Tables[Name]> } = {
  accounts: record<AccountRecord>({ accountId: id, name: optional(text), createdAt: time, proof }),
  applicationKeys: applicationKey,
  buckets: bucket,
  bucketNames: record<Tables['bucketNames']>({ bucketId: id, proof }),
  fileVersions: fileVersion,
  fileIds: record<FileLocation>({ bucketId: id, name: text, uploadTimestamp: time }),
  nameHeads: record<NameHead>({
    newestTimestamp: time,
    current: nullable(record<NonNullable<NameHead['current']>>({ fileId: id, uploadTimestamp: time, hidden: truth })),
  }),
  supersededVersions: record<SupersededVersion>({ fileId: id, uploadTimestamp: time, hidden: truth }),
  visibleNames: record<VisibleName>({ fileId: id, uploadTimestamp: time }),
  unfinishedFiles: record<{ readonly name: string }>({ name: text }),
  parts: part,
  partEpochs: record<{ readonly partNumber: number }>({ partNumber }),
  blobReferences: record<BlobReference>({ fileId: id, partNumber }),
  inlineBlobs: bytes,
  pendingDeletions: pendingDeletion,
  counters: record<{ readonly last: number }>({ last: whole() }),
  keyringCanary: record<KeyringCanary>({ globalKeyId: id, mac: bytesOf(32) }),
  storeIdentity: record<StoreIdentity>({ storeId: hex32, formatVersion: whole(1), generation: hex32 }),
  notificationRules: record<NotificationRulesRecord>({ bucketId: id, rules: listOf(notificationRule), proof }),
  notificationEvents: notificationEvent,
  notificationStates: notificationState,
  backupLeases: record<BackupLease>({ owner: text, expiresAt: time }),
  clockMarks: record<ClockMark>({ seen: time, boot: text, monotonic: whole(), wall: time }),
  blobWriteBounds: record<BlobWriteBound>({ bound: whole(), isSettled: optional(truth) }),
  members: record<MemberRecord>({ joinedAt: time }),
  memberBeats: record<MemberBeat>({ beat: whole() }),
  workLeases: record<WorkLease>({ holder: id }),
  snapshots: snapshot,
  snapshotQueue: record<Tables['snapshotQueue']>({ accountId: id }),
  snapshotContents: snapshotContent,
};
