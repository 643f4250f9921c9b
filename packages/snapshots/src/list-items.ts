import { StorageError, nextTurn, type AccountStorage, type FileVersion } from '@coffer/storage-core';
import type { LeftOutFiles, SnapshotCursor, SnapshotFile, SnapshotItem } from '@coffer/storage-ports';
import { lookupsPerTurn } from './selection.ts';
import { leftOutFile, noneLeftOut } from './tallies.ts';

/** Current versions of a selection: those that can be stored, and what is left out. */
export interface ItemsPage {
  readonly files: readonly SnapshotFile[];
  readonly encrypted: LeftOutFiles;
  /** Files that were selected by themselves and are not there, or not current any more. Their sizes are not known. */
  readonly absent: LeftOutFiles;
  /** Where the next page begins; null if this is the last one. */
  readonly next: SnapshotCursor | null;
}

/** The next versions of a selection from `from` on, at most `limit` (1 … 10,000), in the order of their names. */
export async function listItems(
  account: AccountStorage,
  bucketId: string,
  items: readonly SnapshotItem[],
  from: SnapshotCursor,
  limit: number,
): Promise<ItemsPage> {
  const page = new Page();
  let at = from;
  for (let left = limit; left > 0;) {
    const item = items[at.item];
    if (item === undefined) return page.until(null);
    if (item.kind === 'file') {
      page.take(item.name, await currentVersion(account, bucketId, item));
      at = { item: at.item + 1, after: null };
      if (--left % lookupsPerTurn === 0) await nextTurn();
    } else {
      const { rows, isLast } = await folderPage(account, bucketId, item.prefix, at.after, left);
      for (const version of rows) page.take(version.name, version);
      at = isLast ? { item: at.item + 1, after: null } : { item: at.item, after: rows.at(-1)?.name ?? at.after };
      left -= rows.length;
    }
  }
  return page.until(at.item < items.length ? at : null);
}

class Page {
  readonly #files: SnapshotFile[] = [];
  #encrypted = noneLeftOut;
  #absent = noneLeftOut;

  take(name: string, version: FileVersion | undefined): void {
    if (version === undefined) this.#absent = leftOutFile(this.#absent, name, 0);
    else if (version.encryption.mode !== 'none') this.#encrypted = leftOutFile(this.#encrypted, name, version.size);
    else this.#files.push({ fileId: version.fileId, name, size: version.size });
  }

  until(next: SnapshotCursor | null): ItemsPage {
    return { files: this.#files, encrypted: this.#encrypted, absent: this.#absent, next };
  }
}

async function currentVersion(
  account: AccountStorage,
  bucketId: string,
  { name, fileId }: Extract<SnapshotItem, { kind: 'file' }>,
): Promise<FileVersion | undefined> {
  try {
    const version = await account.files.getByName(bucketId, name);
    return fileId === null || version.fileId === fileId ? version : undefined;
  } catch (error) {
    if (StorageError.is(error, 'file_missing')) return undefined;
    throw error;
  }
}

async function folderPage(
  account: AccountStorage,
  bucketId: string,
  prefix: string,
  after: string | null,
  limit: number,
): Promise<{ readonly rows: readonly FileVersion[]; readonly isLast: boolean }> {
  const place = { ...(prefix !== '' && { prefix }), ...(after !== null && { after }) };
  const { rows, nextName } = await account.listings.names({ bucketId, ...place, limit });
  return { rows: rows.flatMap((row) => (row.kind === 'version' ? [row.version] : [])), isLast: nextName === null };
}
