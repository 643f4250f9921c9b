import type { TableName } from '@coffer/storage-ports';

/**
 * Each table's name in the database and the number by which the function `commit` knows it. Numbers are part of the
 * schema: a new table takes a new one, and a number is never given to another table.
 *
 * Each table of the port is a table of its own, so that each is vacuumed, analysed, sized and partitioned by itself: a
 * billion files are some five billion rows, which as one table would be one task for one worker of autovacuum.
 */
const tables = {
  nameHeads: [1, 'name_heads'],
  fileVersions: [2, 'file_versions'],
  fileIds: [3, 'file_ids'],
  visibleNames: [4, 'visible_names'],
  supersededVersions: [5, 'superseded_versions'],
  inlineBlobs: [6, 'inline_blobs'],
  blobReferences: [7, 'blob_references'],
  parts: [8, 'parts'],
  partEpochs: [9, 'part_epochs'],
  unfinishedFiles: [10, 'unfinished_files'],
  pendingDeletions: [11, 'pending_deletions'],
  buckets: [12, 'buckets'],
  bucketNames: [13, 'bucket_names'],
  accounts: [14, 'accounts'],
  applicationKeys: [15, 'application_keys'],
  counters: [16, 'counters'],
  keyringCanary: [17, 'keyring_canary'],
  storeIdentity: [18, 'store_identity'],
  notificationRules: [19, 'notification_rules'],
  notificationEvents: [20, 'notification_events'],
  notificationStates: [21, 'notification_states'],
  backupLeases: [22, 'backup_leases'],
  clockMarks: [23, 'clock_marks'],
  blobWriteBounds: [24, 'blob_write_bounds'],
  snapshots: [25, 'snapshots'],
  snapshotQueue: [26, 'snapshot_queue'],
  snapshotContents: [27, 'snapshot_contents'],
  members: [28, 'members'],
  memberBeats: [29, 'member_beats'],
  workLeases: [30, 'work_leases'],
} as const satisfies Record<TableName, readonly [number, string]>;

/** The number by which the function `commit` knows a table. */
export function tableNumber(table: TableName): number {
  return entryOf(table)[0];
}

/** The table's name in the database, without the schema. */
export function tableInDatabase(table: TableName): string {
  return entryOf(table)[1];
}

/** All tables, the most written ones first. */
export const databaseTables = Object.values(tables).map(([number, name]) => ({ number, name }));

function entryOf(table: TableName): readonly [number, string] {
  // Undefined where the caller got round the types.
  const entry = (tables as Partial<typeof tables>)[table];
  if (entry === undefined) throw new RangeError(`There is no table ${table}`);
  return entry;
}
