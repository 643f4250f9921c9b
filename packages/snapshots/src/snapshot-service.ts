import { encodeHex } from '@coffer/bytes';
import { StorageError, type AccountStorage } from '@coffer/storage-core';
import type { FileTally, LeftOutFiles, SnapshotCursor, SnapshotRecord } from '@coffer/storage-ports';
import { listItems } from './list-items.ts';
import { snapshotLimits, type SnapshotServiceOptions } from './options.ts';
import { requestOf } from './snapshot-request.ts';
import { invalid, resolveSelection, type ResolvedSelection, type Selection } from './selection.ts';
import { needSnapshotBucket } from './snapshot-bucket.ts';
import { noFiles, noneLeftOut, sumOf } from './tallies.ts';

/** What a snapshot would have in it, counted in pages. */
export interface SnapshotPlanPage {
  /** Files of this page that would be stored. */
  readonly files: FileTally;
  /** Files of this page that would be left out, since they are encrypted. */
  readonly encrypted: LeftOutFiles;
  /** Selected files of this page that are not there, or not current any more. */
  readonly absent: LeftOutFiles;
  /** Where to go on; null if this is the last page. */
  readonly next: SnapshotCursor | null;
}

/** A snapshot to be made. */
export interface NewSnapshot {
  readonly selection: Selection;
  /**
   * The name of the ZIP file, without its ending: 1 to 100 characters without control characters and slashes. Absent:
   * the time.
   */
  readonly title?: string;
  /**
   * What the client calls its request: 1 to 64 letters, digits, `-` and `_`. Asked for again with the same id, the same
   * selection and title, the snapshot that there is already is the result. Remembered as long as the snapshot is
   * listed. Absent: each request is another one.
   */
  readonly requestId?: string;
}

/** A snapshot as it is listed. */
export interface ListedSnapshot extends SnapshotRecord {
  /** Whether it was made, and its ZIP file has been deleted since. */
  readonly isFileDeleted: boolean;
}

/**
 * Snapshots of the buckets of an account: asked for, watched and cancelled here, and made by a `SnapshotWorker`. All
 * methods may be called in any process that shares the stores, and throw `StorageError`.
 */
export interface SnapshotService {
  /**
   * Counts what a snapshot of the selection would have in it, from `from` on (absent: from the beginning), some 1,000
   * files at a time. Makes nothing.
   *
   * @throws StorageError `invalid`, `bucket_missing`, `file_missing`.
   */
  plan(accountId: string, selection: Selection, from?: SnapshotCursor): Promise<SnapshotPlanPage>;
  /**
   * Asks for a snapshot, and makes the account's snapshot bucket if there is none. Which versions are in it is decided
   * when its turn has come: the current ones of then.
   *
   * @throws StorageError as `plan`; `too_many_snapshots`, `too_many_buckets`, `bucket_name_taken`; `request_id_taken`
   * for the `requestId` of another snapshot.
   */
  create(accountId: string, snapshot: NewSnapshot): Promise<SnapshotRecord>;
  /** Newest first; at most 50, from the one after `before` on (absent: from the newest). */
  list(
    accountId: string,
    query?: { readonly before?: string; readonly limit?: number },
  ): Promise<{ readonly snapshots: readonly ListedSnapshot[]; readonly next: string | null }>;
  /**
   * Takes a snapshot off the list that failed, was cancelled, or whose ZIP file was deleted.
   *
   * @throws StorageError `snapshot_missing`; `invalid` for one that waits, runs, still has its ZIP file, or of which
   *   something is still to be removed.
   */
  forget(accountId: string, snapshotId: string): Promise<void>;
  /**
   * Cancels a snapshot that waits or runs. What was stored of it is removed soon after.
   *
   * @throws StorageError `snapshot_missing`; `snapshot_ended`, also for one that is just about to be finished.
   */
  cancel(accountId: string, snapshotId: string): Promise<SnapshotRecord>;
}

/** The service over a storage; a `SnapshotWorker` makes what is asked for. */
export function createSnapshotService(options: SnapshotServiceOptions): SnapshotService {
  const { storage } = options;
  return {
    plan: (accountId, selection, from) => plan(options, storage.ofAccount(accountId), selection, from),
    create: (accountId, snapshot) => create(options, storage.ofAccount(accountId), accountId, snapshot),
    list: (accountId, query) => list(options, accountId, query),
    forget: (accountId, snapshotId) => forget(options, accountId, snapshotId),
    cancel: (accountId, snapshotId) => cancel(options, accountId, snapshotId),
  };
}

async function plan(
  { planPage = 1_000 }: SnapshotServiceOptions,
  account: AccountStorage,
  selection: Selection,
  from: SnapshotCursor = { item: 0, after: null },
): Promise<SnapshotPlanPage> {
  const { items } = await resolveSelection(account, selection);
  if (items[from.item] === undefined) throw invalid('cursor', 'The cursor is not one of this selection');
  const page = await listItems(account, selection.bucketId, items, from, planPage);
  const sizes = page.files.map(({ size }) => ({ files: 1, bytes: size }));
  return { ...page, files: sizes.reduce(sumOf, noFiles) };
}

async function create(
  { storage, clock, random }: SnapshotServiceOptions,
  account: AccountStorage,
  accountId: string,
  wanted: NewSnapshot,
): Promise<SnapshotRecord> {
  const { selection, title } = wanted;
  if (title !== undefined) requireTitle(title);
  const request = requestOf(wanted);
  // Before the selection is looked up, in which something may be gone by now.
  const made = request && (await storage.snapshots.ofRequest(accountId, request));
  if (made !== undefined) return made;
  const resolved = await resolveSelection(account, selection);
  await needSnapshotBucket(account, accountId);
  const now = clock.now();
  const name = title ?? `${new Date(now).toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
  const snapshot: SnapshotRecord = {
    snapshotId: `${now.toString(16).padStart(12, '0')}${encodeHex(random.bytes(10))}`,
    ...{ accountId, bucketId: selection.bucketId, bucketName: resolved.bucketName },
    fileName: `${resolved.bucketName}/${name}.zip`,
    ...(request && { request }),
    selected: countOf(resolved),
    ...waiting,
    createdAt: now,
  };
  const { active, ended } = snapshotLimits;
  return storage.snapshots.add(snapshot, resolved.items, { active, ended });
}

const waiting = {
  state: 'waiting',
  startedAt: null,
  endedAt: null,
  listing: { rows: 0, next: { item: 0, after: null } },
  total: noFiles,
  done: noFiles,
  encrypted: noneLeftOut,
  absent: noneLeftOut,
  deleted: noneLeftOut,
  renamed: { files: 0, names: [] },
  upload: null,
  size: null,
  failure: null,
} as const;

function countOf({ items }: ResolvedSelection): SnapshotRecord['selected'] {
  const files = items.filter(({ kind }) => kind === 'file').length;
  return { files, folders: items.length - files };
}

function requireTitle(title: string): void {
  const isPossible = title !== '' && title.length <= 100 && !/[\p{Cc}\p{Surrogate}/]/u.test(title);
  if (!isPossible)
    throw invalid('title', 'A title has 1 to 100 characters, and neither control characters nor slashes');
}

async function list(
  { storage }: SnapshotServiceOptions,
  accountId: string,
  { before, limit = snapshotLimits.page }: Parameters<SnapshotService['list']>[1] = {},
): ReturnType<SnapshotService['list']> {
  const wanted = Math.min(Math.max(limit, 1), snapshotLimits.page);
  const place = before === undefined ? {} : { before };
  const found = await storage.snapshots.list({ accountId, ...place, limit: wanted + 1 });
  const snapshots: ListedSnapshot[] = [];
  for (const snapshot of found.slice(0, wanted))
    snapshots.push({ ...snapshot, isFileDeleted: await isFileDeleted(storage.ofAccount(accountId), snapshot) });
  return { snapshots, next: found.length > wanted ? (snapshots.at(-1)?.snapshotId ?? null) : null };
}

/** Looks the ZIP file's version up. An error of the stores is no answer to that, and is thrown. */
async function isFileDeleted(account: AccountStorage, { state, upload }: SnapshotRecord): Promise<boolean> {
  if (state !== 'done' || upload === null) return false;
  try {
    await account.files.get(upload.fileId);
    return false;
  } catch (error) {
    if (StorageError.is(error, 'file_missing')) return true;
    throw error;
  }
}

async function forget({ storage }: SnapshotServiceOptions, accountId: string, snapshotId: string): Promise<void> {
  const snapshot = await storage.snapshots.get(accountId, snapshotId);
  if (snapshot === undefined) throw new StorageError('snapshot_missing', 'There is no such snapshot', { snapshotId });
  // A deleted file does not come back, so this holds until the record is forgotten.
  const hasFile = snapshot.state === 'done' && !(await isFileDeleted(storage.ofAccount(accountId), snapshot));
  if (hasFile) throw invalid('snapshotId', 'The snapshot has its ZIP file: delete that first');
  if (!(await storage.snapshots.forget(accountId, snapshotId)))
    throw invalid('snapshotId', 'The snapshot is being made, or what was stored of it is being removed');
}

async function cancel(
  { storage, clock }: SnapshotServiceOptions,
  accountId: string,
  snapshotId: string,
): Promise<SnapshotRecord> {
  const endedAt = clock.now();
  const cancelled = await storage.snapshots.change(accountId, snapshotId, (snapshot) => {
    const isActive = snapshot.state === 'waiting' || snapshot.state === 'running';
    if (!isActive || snapshot.upload?.isFinishing === true)
      throw new StorageError('snapshot_ended', 'The snapshot has ended, or is about to', { snapshotId });
    return { snapshot: { ...snapshot, state: 'cancelled', endedAt } };
  });
  if (cancelled === undefined) throw new StorageError('snapshot_missing', 'There is no such snapshot', { snapshotId });
  // Nothing but its selection is stored of one that has not begun. If that waited for its turn as well, who asks for
  // snapshots and cancels them could fill the store.
  if (cancelled.startedAt === null) await storage.snapshots.settle(accountId, snapshotId);
  return cancelled;
}
