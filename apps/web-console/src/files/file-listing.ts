import type { BucketId, FileId } from '@coffer/b2-schema';
import type { Client } from '@coffer/client';
import type { ListedPlace } from './file-place.ts';
import { rowOf, type FileRow } from './file-rows.ts';

/** Rows of one request. */
export const pageSize = 1_000;
const unfinishedPageSize = 100;

/** The most rows that one list holds in memory. Who looks for more opens a folder, or searches. */
export const maxRows = 250_000;

/** Where a listing goes on. */
interface Start {
  readonly name?: string;
  readonly fileId?: FileId;
}

interface ListedPage {
  readonly rows: readonly FileRow[];
  /** Undefined behind the last page. */
  readonly next: Start | undefined;
}

/** The rows of a place that were loaded so far. Never changes: with another page, it is another listing. */
export class FileListing {
  readonly size: number;
  /** Where the next page begins; undefined if everything is loaded. */
  readonly next: Start | undefined;
  readonly #pages: readonly (readonly FileRow[])[];
  readonly #starts: readonly number[];
  // Shared by all listings that grew out of each other: an index that is not below `size` is one of a later listing.
  readonly #indexes: Map<string, number>;

  private constructor(
    pages: readonly (readonly FileRow[])[],
    starts: readonly number[],
    indexes: Map<string, number>,
    { size, next }: { readonly size: number; readonly next: Start | undefined },
  ) {
    [this.#pages, this.#starts, this.#indexes, this.size, this.next] = [pages, starts, indexes, size, next];
  }

  static readonly empty = new FileListing([], [], new Map(), { size: 0, next: {} });

  /** This and a page behind it. Rows that are there already are left out. */
  with({ rows, next }: ListedPage): FileListing {
    const indexes = this.size === 0 ? new Map<string, number>() : this.#indexes;
    const added = rows.filter(({ key }) => (indexes.get(key) ?? Infinity) >= this.size);
    for (const [at, { key }] of added.entries()) indexes.set(key, this.size + at);
    if (added.length === 0) return new FileListing(this.#pages, this.#starts, indexes, { size: this.size, next });
    const size = this.size + added.length;
    return new FileListing([...this.#pages, added], [...this.#starts, this.size], indexes, { size, next });
  }

  at(index: number): FileRow | undefined {
    if (index < 0 || index >= this.size) return undefined;
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return this.#pages[low]?.[index - (this.#starts[low] ?? 0)];
  }

  /** The place of a row in the list; -1 if there is no such row. */
  indexOf(key: string): number {
    const index = this.#indexes.get(key) ?? -1;
    return index < this.size ? index : -1;
  }

  get lastName(): string | undefined {
    return this.at(this.size - 1)?.name;
  }

  /** Whether there is more that could be loaded. */
  get canGrow(): boolean {
    return this.next !== undefined && this.size < maxRows;
  }

  *[Symbol.iterator](): Generator<FileRow, void> {
    for (const page of this.#pages) yield* page;
  }
}

/** Where a listing is read from. */
export interface ListingSource {
  readonly client: Client;
  readonly bucketId: BucketId;
  readonly place: ListedPlace;
}

/** The next page of a listing. */
export async function readMore(source: ListingSource, listing: FileListing, signal: AbortSignal): Promise<FileListing> {
  if (listing.next === undefined) return listing;
  return listing.with(await readPage(source, listing.next, listing.lastName, signal));
}

/** A listing from its beginning, with so many rows at least, if there are so many. */
export async function readListing(source: ListingSource, atLeast: number, signal: AbortSignal): Promise<FileListing> {
  let listing = await readMore(source, FileListing.empty, signal);
  while (listing.canGrow && listing.size < atLeast) listing = await readMore(source, listing, signal);
  return listing;
}

async function readPage(
  { client, bucketId, place }: ListingSource,
  start: Start,
  previousName: string | undefined,
  signal: AbortSignal,
): Promise<ListedPage> {
  const { kind, prefix, isFolded } = place;
  const where = { bucketId, prefix, ...(isFolded && { delimiter: '/' }), maxFileCount: pageSize };
  if (kind === 'unfinished') {
    const fields = { bucketId, namePrefix: prefix, startFileId: start.fileId, maxFileCount: unfinishedPageSize };
    const { files, nextFileId } = await client.api.listUnfinishedLargeFiles(fields, { signal });
    const rows = files.map((file) => rowOf(file, { name: undefined }));
    return { rows, next: nextFileId === null ? undefined : { fileId: nextFileId } };
  }
  if (kind === 'versions') {
    const fields = { ...where, startFileName: start.name, startFileId: start.fileId };
    const { files, nextFileName, nextFileId } = await client.api.listFileVersions(fields, { signal });
    const rows = files.map((file, at) => rowOf(file, { name: at === 0 ? previousName : files[at - 1]?.fileName }));
    if (nextFileName === null) return { rows, next: undefined };
    return { rows, next: { name: nextFileName, ...(nextFileId !== null && { fileId: nextFileId }) } };
  }
  const { files, nextFileName } = await client.api.listFileNames({ ...where, startFileName: start.name }, { signal });
  return { rows: files.map((file) => rowOf(file)), next: nextFileName === null ? undefined : { name: nextFileName } };
}
