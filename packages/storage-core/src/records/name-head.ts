import { afterKey, keys, prefixRange, recordKey, type FileVersionRecord, type NameHead } from '@coffer/storage-ports';
import type { Transaction } from '../core/transaction.ts';

type Current = NameHead['current'];
type Placed = Pick<FileVersionRecord, 'bucketId' | 'name'>;

const page = 100;

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

/** The head of a name after `version` was added to it or, for a large file, finished. */
export function headWith(head: NameHead | undefined, version: FileVersionRecord): NameHead {
  const newestTimestamp = Math.max(head?.newestTimestamp ?? 0, version.uploadTimestamp);
  const before = head?.current ?? null;
  const becomesCurrent = version.action !== 'start' && (before === null || isNewer(version, before));
  return { newestTimestamp, current: becomesCurrent ? currentOf(version) : before };
}

/** The head of a name after `version` was taken from it; null if that was the last one. */
export async function headWithout(
  tx: Transaction,
  head: NameHead,
  version: FileVersionRecord,
): Promise<NameHead | null> {
  const { current, newestTimestamp } = head;
  if (current !== null && current.fileId !== version.fileId) return head;
  const rest = await versionsLeft(tx, version);
  return rest.any ? { newestTimestamp, current: rest.current } : null;
}

/**
 * Writes the head of a name and, if its current version is another than `before`, what listings show of it. Every change of a
 * name's versions writes its head, so that two of them can not both commit on the same state.
 */
export function putHead(tx: Transaction, at: Placed, before: NameHead | undefined, after: NameHead | null): void {
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

/** What versions a name has besides `version`: whether any, and the newest that is no unfinished large file. */
async function versionsLeft(
  tx: Transaction,
  version: FileVersionRecord,
): Promise<{ readonly any: boolean; readonly current: Current }> {
  const range = prefixRange(recordKey(version.bucketId, version.name));
  let start = range.start;
  let any = false;
  for (;;) {
    const rows = await tx.scan('fileVersions', { start, end: range.end, limit: page });
    const left = rows.map((row) => row.value).filter((other) => other.fileId !== version.fileId);
    any ||= left.length > 0;
    const newest = left.find((other) => other.action !== 'start');
    if (newest !== undefined) return { any, current: currentOf(newest) };
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) return { any, current: null };
    start = afterKey(last.key);
  }
}

function currentOf({ fileId, uploadTimestamp, action }: FileVersionRecord): NonNullable<Current> {
  return { fileId, uploadTimestamp, hidden: action === 'hide' };
}
