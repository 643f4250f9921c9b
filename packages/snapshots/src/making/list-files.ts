import type { SnapshotFile, SnapshotRecord } from '@coffer/storage-ports';
import { listItems, type ItemsPage } from '../list-items.ts';
import { snapshotLimits } from '../options.ts';
import { leftOutOf, sumOf } from '../tallies.ts';
import { zipSizeAtMost } from '../zip-size.ts';
import { advance, type MakingContext } from './context.ts';
import { SnapshotFailure } from './failures.ts';

/** Versions in one row of the list. */
const filesPerRow = 100;
/** Bytes of the largest large file there can be. */
const largestFile = 10_000_000_000_000;

/**
 * Turns the selection into a list of the versions that are current now, page by page, and records each page. What was
 * recorded before an interruption stays.
 */
export async function listFiles(context: MakingContext, begun: SnapshotRecord): Promise<SnapshotRecord> {
  const { storage, account, listingPage } = context;
  let snapshot = begun;
  const items = await storage.snapshots.items(snapshot.snapshotId);
  if (items === undefined) throw new SnapshotFailure('internal', 'The selection of the snapshot is lost.');
  for (let { next } = snapshot.listing; next !== null; next = snapshot.listing.next) {
    const page = await listItems(account, snapshot.bucketId, items, next, listingPage);
    const rows = rowsOf(page.files);
    snapshot = await advance(context, snapshot, (before) => ({
      snapshot: withPage(before, page, rows.length),
      files: rows,
    }));
    requirePossible(snapshot);
  }
  if (snapshot.total.files === 0)
    throw new SnapshotFailure('nothing_to_store', 'There is no file to store: what is selected is encrypted or gone.');
  return snapshot;
}

function rowsOf(files: readonly SnapshotFile[]): readonly (readonly SnapshotFile[])[] {
  const count = Math.ceil(files.length / filesPerRow);
  return Array.from({ length: count }, (_, row) => files.slice(row * filesPerRow, (row + 1) * filesPerRow));
}

function withPage(before: SnapshotRecord, { files, encrypted, absent, next }: ItemsPage, rows: number): SnapshotRecord {
  return {
    ...before,
    listing: { rows: before.listing.rows + rows, next },
    total: files.reduce((sum, { size }) => sumOf(sum, { files: 1, bytes: size }), before.total),
    encrypted: leftOutOf(before.encrypted, encrypted),
    absent: leftOutOf(before.absent, absent),
  };
}

function requirePossible({ total }: SnapshotRecord): void {
  if (total.files > snapshotLimits.files)
    throw new SnapshotFailure(
      'too_many_files',
      `A snapshot has at most ${snapshotLimits.files} files. Select fewer folders at a time.`,
    );
  if (zipSizeAtMost(total) > largestFile)
    throw new SnapshotFailure('too_large', 'The files have more bytes together than one file can have.');
}
