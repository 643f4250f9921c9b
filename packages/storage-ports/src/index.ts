export type {
  FileTally,
  LeftOutFiles,
  SnapshotContent,
  SnapshotCursor,
  SnapshotFile,
  SnapshotItem,
  SnapshotRecord,
  SnapshotState,
  SnapshotRequest,
  SnapshotUpload,
} from './snapshot-record.ts';
export { StoreError, type RowPlace, type StoreErrorCode } from './store-error.ts';
export { systemClock, type Clock, type MonotonicTime } from './clock.ts';
export { systemRandom, type RandomSource } from './random-source.ts';
export { storeFormatVersion, type StoreIdentity, type StoreMark } from './store-identity.ts';
export {
  afterKey,
  afterPrefix,
  compareKeys,
  prefixRange,
  recordKey,
  textPrefixKey,
  type Descending,
  type KeyPart,
} from './record-key.ts';
export type { AccountRecord, ApplicationKeyRecord, RecordProof } from './account-record.ts';
export type {
  BucketDefaultEncryption,
  BucketRecord,
  BucketType,
  CorsRule,
  DefaultRetention,
  LifecycleRule,
  ReplicationConfiguration,
  ReplicationRule,
  RetentionMode,
} from './bucket-record.ts';
export type {
  FileAction,
  FileRetention,
  FileVersionRecord,
  PartRecord,
  ChecksumAlgorithm,
  StoredChecksums,
  StoredFurtherChecksum,
  StoredEncryption,
  StoredSha1,
} from './file-version-record.ts';
export type {
  NotificationEventRecord,
  NotificationEventType,
  NotificationRuleRecord,
  NotificationRulesRecord,
  NotificationStateRecord,
  NotificationSuspension,
} from './notification-record.ts';
export {
  keys,
  tableNames,
  type BackupLease,
  type ClockMark,
  type BlobWriteBound,
  type BlobReference,
  type FileLocation,
  type KeyringCanary,
  type NameHead,
  type SupersededVersion,
  type PendingDeletion,
  type TableName,
  type Tables,
  type VisibleName,
} from './tables.ts';
export type { Commit, Expectation, MetadataStore, Row, ScanOptions, Stored, Write } from './metadata-store.ts';
export type { BlobStore, QuarantinedBlob, SweepOptions } from './blob-store.ts';
export type { BlobFile, BlobFileSystem, FileCall } from './blob-file-system.ts';
