import { keys, prefixRange, recordKey, type FileVersionRecord, type NameHead } from '@coffer/storage-ports';
import type { Transaction } from '../core/transaction.ts';

type Current = NameHead['current'];
type Placed = Pick<FileVersionRecord, 'bucketId' | 'name'>;

/** The queue key of a name. */
export function nameQueueKey({ bucketId, name }: Placed): string {
  return `${bucketId}/${name}`;
}

/** Whether `a` comes before `b` among the versions of a name: newest first, as the table orders them. */
export function isNewer(
  a: { readonly uploadTimestamp: number; readonly fileId: string },
  b: { readonly uploadTimestamp: number; readonly fileId: string },
): boolean {
  if (a.uploadTimestamp !== b.uploadTimestamp) return a.uploadTimestamp > b.uploadTimestamp;
  return a.fileId < b.fileId;
}

/**
 * Gives a version that was added or, for a large file, finished its place in the head of its name: as the current one,
 * or among those that are superseded.
 */
export function placeVersion(tx: Transaction, before: NameHead | undefined, version: FileVersionRecord): void {
  const after = headWith(before, version);
  if (version.action !== 'start') {
    const behind = after.current?.fileId === version.fileId ? (before?.current ?? null) : currentOf(version);
    if (behind !== null) tx.put('supersededVersions', supersededKey(version, behind), behind);
  }
  putHead(tx, version, before, after);
}

/** Takes a version from the head of its name. The newest of those that it superseded becomes current in its place. */
export async function displaceVersion(tx: Transaction, before: NameHead, version: FileVersionRecord): Promise<void> {
  const isCurrent = before.current?.fileId === version.fileId;
  if (!isCurrent && version.action !== 'start') tx.delete('supersededVersions', supersededKey(version, version));
  const current = isCurrent ? await takeNewestSuperseded(tx, version) : before.current;
  const isLast = current === null && !(await hasOthers(tx, version));
  putHead(tx, version, before, isLast ? null : { ...before, current });
}

/** The next newer version or hide marker of the name; undefined if `version` is the newest. */
export async function nextNewerOf(
  tx: Transaction,
  head: NameHead | undefined,
  version: FileVersionRecord,
): Promise<FileVersionRecord | undefined> {
  const { start } = prefixRange(recordKey(version.bucketId, version.name));
  const range = { start, end: supersededKey(version, version), limit: 1, reverse: true };
  const [superseded] = await tx.scan('supersededVersions', range);
  const newer = superseded?.value ?? head?.current ?? null;
  if (newer === null || !isNewer(newer, version)) return undefined;
  const { bucketId, name } = version;
  return tx.peek('fileVersions', keys.fileVersions(bucketId, name, newer.uploadTimestamp, newer.fileId));
}

function headWith(head: NameHead | undefined, version: FileVersionRecord): NameHead {
  const newestTimestamp = Math.max(head?.newestTimestamp ?? 0, version.uploadTimestamp);
  const before = head?.current ?? null;
  const becomesCurrent = version.action !== 'start' && (before === null || isNewer(version, before));
  return { newestTimestamp, current: becomesCurrent ? currentOf(version) : before };
}

/**
 * Writes the head of a name and, if its current version is another than `before`, what listings show of it. Every
 * change of a name's versions writes its head, so that two of them cannot both commit on the same state.
 */
function putHead(tx: Transaction, at: Placed, before: NameHead | undefined, after: NameHead | null): void {
  const headKey = keys.nameHeads(at.bucketId, at.name);
  if (after === null) tx.delete('nameHeads', headKey);
  else tx.put('nameHeads', headKey, after);
  const current = after?.current ?? null;
  if (current?.fileId !== before?.current?.fileId) putVisible(tx, at, current);
}

function putVisible(tx: Transaction, at: Placed, current: Current): void {
  const key = keys.visibleNames(at.bucketId, at.name);
  if (current === null || current.hidden) tx.delete('visibleNames', key);
  else tx.put('visibleNames', key, { fileId: current.fileId, uploadTimestamp: current.uploadTimestamp });
}

async function takeNewestSuperseded(tx: Transaction, { bucketId, name }: Placed): Promise<Current> {
  const [newest] = await tx.scan('supersededVersions', { ...prefixRange(recordKey(bucketId, name)), limit: 1 });
  if (newest === undefined) return null;
  tx.delete('supersededVersions', newest.key);
  return newest.value;
}

/** Whether the name has any other version, unfinished large files included. */
async function hasOthers(tx: Transaction, { bucketId, name, fileId }: FileVersionRecord): Promise<boolean> {
  const rows = await tx.scan('fileVersions', { ...prefixRange(recordKey(bucketId, name)), limit: 2 });
  return rows.some(({ value }) => value.fileId !== fileId);
}

function supersededKey({ bucketId, name }: Placed, at: Pick<FileVersionRecord, 'uploadTimestamp' | 'fileId'>) {
  return keys.supersededVersions(bucketId, name, at.uploadTimestamp, at.fileId);
}

function currentOf({ fileId, uploadTimestamp, action }: FileVersionRecord): NonNullable<Current> {
  return { fileId, uploadTimestamp, hidden: action === 'hide' };
}
