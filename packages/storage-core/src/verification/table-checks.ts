import type { Row, TableName, Tables } from '@coffer/storage-ports';
import { checkAccount, checkApplicationKey } from './check-accounts.ts';
import { checkBlobReference, checkInlineBlob, checkPendingDeletion } from './check-blob-rows.ts';
import { checkBucket, checkBucketName, checkNotificationKey, checkNotificationRules } from './check-buckets.ts';
import {
  checkFileId,
  checkNameHead,
  checkPartEpoch,
  checkSuperseded,
  checkUnfinished,
  checkVisibleName,
} from './check-names.ts';
import { checkClockMark, checkIdentity, checkKeyringProof, checkLease, checkOwnKey } from './check-store.ts';
import { checkSnapshot, checkSnapshotContent, checkSnapshotTurn } from './check-snapshots.ts';
import { checkPart, checkVersion } from './check-versions.ts';
import type { Fault } from './findings.ts';
import type { Verifier } from './verifier.ts';

/**
 * Checks a row, and the rows that must exist because it does. Whatever the check relies on must change only in commits
 * that also write or remove this row: then the result is right if the row is the same before and after the check.
 */
export type RowCheck<Name extends TableName> = (
  verifier: Verifier,
  row: Row<Tables[Name]>,
) => Promise<readonly Fault[]>;

/**
 * The check of each table, in the order in which they are looked at: what takes long is last. Total: a table without a
 * check does not compile.
 */
export const tableChecks: { readonly [Name in TableName]: RowCheck<Name> } = {
  storeIdentity: checkIdentity,
  keyringCanary: checkKeyringProof,
  backupLeases: (_, row) => checkLease(row),
  clockMarks: (_, row) => checkClockMark(row),
  blobWriteBounds: (_, row) => checkOwnKey('blobWriteBounds', row),
  members: (_, row) => checkOwnKey('members', row),
  memberBeats: (_, row) => checkOwnKey('memberBeats', row),
  workLeases: (_, row) => checkOwnKey('workLeases', row),
  counters: (_, row) => checkOwnKey('counters', row),
  accounts: checkAccount,
  applicationKeys: checkApplicationKey,
  buckets: checkBucket,
  bucketNames: checkBucketName,
  notificationRules: checkNotificationRules,
  notificationStates: (_, row) => checkNotificationKey('notificationStates', row),
  notificationEvents: (_, row) => checkNotificationKey('notificationEvents', row),
  snapshots: checkSnapshot,
  snapshotQueue: checkSnapshotTurn,
  snapshotContents: checkSnapshotContent,
  nameHeads: checkNameHead,
  supersededVersions: checkSuperseded,
  visibleNames: checkVisibleName,
  fileIds: checkFileId,
  unfinishedFiles: checkUnfinished,
  partEpochs: checkPartEpoch,
  pendingDeletions: checkPendingDeletion,
  blobReferences: checkBlobReference,
  inlineBlobs: checkInlineBlob,
  fileVersions: checkVersion,
  parts: checkPart,
};

/** The tables in that order. */
export const checkedTables = Object.keys(tableChecks) as readonly TableName[];
