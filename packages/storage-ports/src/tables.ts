import type { AccountRecord, ApplicationKeyRecord, RecordProof } from './account-record.ts';
import type { BucketRecord } from './bucket-record.ts';
import type { FileVersionRecord, PartRecord } from './file-version-record.ts';
import type {
  NotificationEventRecord,
  NotificationRulesRecord,
  NotificationStateRecord,
} from './notification-record.ts';
import { recordKey } from './record-key.ts';
import type { SnapshotContent, SnapshotRecord } from './snapshot-record.ts';
import type { StoreIdentity } from './store-identity.ts';

/** Where a file id is found in {@link Tables.fileVersions}. */
export interface FileLocation {
  readonly bucketId: string;
  readonly name: string;
  readonly uploadTimestamp: number;
}

/** What is known of a name that has at least one version. */
export interface NameHead {
  /** The largest timestamp any version of the name was given, so that the next one is newer. */
  readonly newestTimestamp: number;
  /** The newest version that is not an unfinished large file; null if there is none. */
  readonly current: { readonly fileId: string; readonly uploadTimestamp: number; readonly hidden: boolean } | null;
}

/** A version or hide marker that is not the current one of its name. */
export interface SupersededVersion {
  readonly fileId: string;
  readonly uploadTimestamp: number;
  readonly hidden: boolean;
}

/** A name that listings show: its current version is not a hide marker. */
export interface VisibleName {
  readonly fileId: string;
  readonly uploadTimestamp: number;
}

/**
 * Which file a blob belongs to. A stored blob is an orphan, left over from an upload that never committed, if it has no
 * such record and no version or part names it.
 */
export interface BlobReference {
  readonly fileId: string;
  /** 0 for a regular file. */
  readonly partNumber: number;
}

/** Blobs whose metadata is gone and which are still to be removed. */
export type PendingDeletion =
  | { readonly kind: 'blob'; readonly blobId: string }
  /** All parts of a large file that was deleted or cancelled. */
  | { readonly kind: 'parts'; readonly fileId: string }
  /**
   * The parts that were uploaded for a large file and that it was finished without. Until they are removed, the file is
   * made up of its other parts.
   */
  | { readonly kind: 'discarded'; readonly fileId: string; readonly partNumbers: readonly number[] };

/** Proof that the keyring at hand is the one this store was made with. */
export interface KeyringCanary {
  readonly globalKeyId: string;
  readonly mac: Uint8Array;
}

/**
 * A backup that is under way: until it expires, blobs of deleted files stay where they are. After the backup the row
 * stays, expired, as a sign that deletions may have waited for it; it is removed when these are finished.
 */
export interface BackupLease {
  /** Names the run of the backup. */
  readonly owner: string;
  /** Milliseconds since the epoch; 0 when the backup has ended. */
  readonly expiresAt: number;
}

/** A time of the clock that was believed to be right, and the values that later times are compared with. */
export interface ClockMark {
  /** The latest believed time that was recorded, in milliseconds since the epoch. */
  readonly seen: number;
  /**
   * What {@link Clock.elapsed} counted when the clock showed `wall`. If the two have not advanced equally since, the
   * clock was set.
   */
  readonly boot: string;
  readonly monotonic: number;
  /** Milliseconds since the epoch. */
  readonly wall: number;
}

/** How many blobs one process may have stored, at most, that no record names yet. */
export interface BlobWriteBound {
  readonly bound: number;
  /** Recovery has dealt with what the process left, once; what arrives late is dealt with the next time. */
  readonly isSettled?: boolean;
}

/**
 * One of several processes that work over the same stores. While the row is there, blobs whose ids begin with the
 * member's id may be of uploads under way; once it is gone, no commit can name another one of them.
 */
export interface MemberRecord {
  /** For people: milliseconds since the epoch, by the member's own clock. */
  readonly joinedAt: number;
}

/** Another number with each sign of life; others compare it with the one that they saw before, and no clock. */
export interface MemberBeat {
  readonly beat: number;
}

/** Work that only one member does at a time: its own as long as it is a member. */
export interface WorkLease {
  readonly holder: string;
}

/** The tables of the metadata store: each name with its record. Keys are made by {@link keys}. */
export interface Tables {
  readonly accounts: AccountRecord;
  readonly applicationKeys: ApplicationKeyRecord;
  readonly buckets: BucketRecord;
  /** Bucket names in lower case. */
  readonly bucketNames: { readonly bucketId: string; readonly proof?: RecordProof };
  /** Every version, by bucket, name, newest first. */
  readonly fileVersions: FileVersionRecord;
  readonly fileIds: FileLocation;
  readonly nameHeads: NameHead;
  readonly visibleNames: VisibleName;
  /**
   * Every version and hide marker but the current one of its name, by bucket, name, newest first; but no unfinished
   * large files, so that the version that becomes current next is found at once, however many of these there are.
   */
  readonly supersededVersions: SupersededVersion;
  /** Unfinished large files, by bucket, oldest first (file ids sort by the time they were made). */
  readonly unfinishedFiles: { readonly name: string };
  readonly parts: PartRecord;
  /**
   * Rewritten with each part of an unfinished file, so that finishing the file notices a part that was uploaded
   * meanwhile.
   */
  readonly partEpochs: { readonly partNumber: number };
  readonly blobReferences: BlobReference;
  /** Contents of small blobs. */
  readonly inlineBlobs: Uint8Array;
  readonly pendingDeletions: PendingDeletion;
  /** The last number given out, by purpose. */
  readonly counters: { readonly last: number };
  readonly keyringCanary: KeyringCanary;
  /** One row. */
  readonly storeIdentity: StoreIdentity;
  readonly notificationRules: NotificationRulesRecord;
  /** Events that are still to be delivered: appended to `recordKey(bucketId, ruleId)`. */
  readonly notificationEvents: NotificationEventRecord;
  readonly notificationStates: NotificationStateRecord;
  /** At most one row. */
  readonly backupLeases: BackupLease;
  /** At most one row; none in a store that no server has run on. */
  readonly clockMarks: ClockMark;
  /** A row for each process that has stored blobs since the last recovery. */
  readonly blobWriteBounds: BlobWriteBound;
  /** By the member's id. Empty where one process has the store to itself. */
  readonly members: MemberRecord;
  /** By the member's id. Apart from {@link Tables.members}, so that a sign of life disturbs no commit. */
  readonly memberBeats: MemberBeat;
  /** By the name of the work. */
  readonly workLeases: WorkLease;
  /** By account, oldest first. */
  readonly snapshots: SnapshotRecord;
  /**
   * A row for each snapshot for which something is still to be done, oldest first: also for one that has ended, until
   * what was needed to make it is removed.
   */
  readonly snapshotQueue: { readonly accountId: string };
  readonly snapshotContents: SnapshotContent;
}

/** The name of a table. */
export type TableName = keyof Tables;

/** All tables, for adapters that must create them. */
export const tableNames = Object.keys({
  accounts: 1,
  applicationKeys: 1,
  buckets: 1,
  bucketNames: 1,
  fileVersions: 1,
  fileIds: 1,
  nameHeads: 1,
  visibleNames: 1,
  supersededVersions: 1,
  unfinishedFiles: 1,
  parts: 1,
  partEpochs: 1,
  blobReferences: 1,
  inlineBlobs: 1,
  pendingDeletions: 1,
  counters: 1,
  keyringCanary: 1,
  storeIdentity: 1,
  notificationRules: 1,
  notificationEvents: 1,
  notificationStates: 1,
  backupLeases: 1,
  clockMarks: 1,
  blobWriteBounds: 1,
  members: 1,
  memberBeats: 1,
  workLeases: 1,
  snapshots: 1,
  snapshotQueue: 1,
  snapshotContents: 1,
} satisfies Record<TableName, 1>) as readonly TableName[];

/** The key of a record in each table. */
export const keys = {
  accounts: (accountId: string) => recordKey(accountId),
  applicationKeys: (applicationKeyId: string) => recordKey(applicationKeyId),
  buckets: (bucketId: string) => recordKey(bucketId),
  bucketNames: (name: string) => recordKey(name.toLowerCase()),
  fileVersions: (bucketId: string, name: string, uploadTimestamp: number, fileId: string) =>
    recordKey(bucketId, name, { descending: uploadTimestamp }, fileId),
  fileIds: (fileId: string) => recordKey(fileId),
  nameHeads: (bucketId: string, name: string) => recordKey(bucketId, name),
  visibleNames: (bucketId: string, name: string) => recordKey(bucketId, name),
  supersededVersions: (bucketId: string, name: string, uploadTimestamp: number, fileId: string) =>
    recordKey(bucketId, name, { descending: uploadTimestamp }, fileId),
  unfinishedFiles: (bucketId: string, fileId: string) => recordKey(bucketId, fileId),
  parts: (fileId: string, partNumber: number) => recordKey(fileId, partNumber),
  partEpochs: (fileId: string) => recordKey(fileId),
  blobReferences: (blobId: string) => recordKey(blobId),
  inlineBlobs: (blobId: string) => recordKey(blobId),
  pendingDeletions: (id: string) => recordKey(id),
  counters: (purpose: string) => recordKey(purpose),
  keyringCanary: () => recordKey('keyring'),
  storeIdentity: () => recordKey('store'),
  notificationRules: (bucketId: string) => recordKey(bucketId),
  /** `number`: the number that the store gave to the appended event. */
  notificationEvents: (bucketId: string, ruleId: string, number: number) => recordKey(bucketId, ruleId, number),
  notificationStates: (bucketId: string, ruleId: string) => recordKey(bucketId, ruleId),
  backupLeases: () => recordKey('backup'),
  clockMarks: () => recordKey('clock'),
  blobWriteBounds: (processId: string) => recordKey(processId),
  members: (memberId: string) => recordKey(memberId),
  memberBeats: (memberId: string) => recordKey(memberId),
  workLeases: (work: string) => recordKey(work),
  snapshots: (accountId: string, snapshotId: string) => recordKey(accountId, snapshotId),
  snapshotQueue: (snapshotId: string) => recordKey(snapshotId),
  snapshotContents: (snapshotId: string, number: number) => recordKey(snapshotId, number),
} satisfies Record<TableName, (...parts: never[]) => Uint8Array>;
