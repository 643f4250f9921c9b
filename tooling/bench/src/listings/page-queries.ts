import { folderName, group, plainName, type ShapeName } from './bucket-shapes.ts';
import type { LoadedStore } from './loaded-store.ts';

/** A kind of page, asked of a bucket of any size. */
export interface PageQuery {
  readonly title: string;
  readonly kind: 'names' | 'versions';
  readonly shape: ShapeName;
  readonly limit: number;
  readonly prefix?: (count: number) => string;
  readonly delimiter?: string;
  /** Where page number `i` of a bucket of `count` versions starts. */
  readonly startName?: (count: number, i: number) => string;
  /** Versions that a bucket needs at least to have such a page in full. */
  readonly needs?: number;
}

/** Rows behind the last start point, so that its page is full. */
const tail = 100;

/** Start points all over the bucket, so that the pages asked for are not the same few. */
const anywhere = (count: number, i: number) => plainName((i * 7_919) % Math.max(1, count - tail));

const both = (queries: readonly Omit<PageQuery, 'kind'>[]): PageQuery[] =>
  (['names', 'versions'] as const).flatMap((kind) => queries.map((query) => ({ ...query, kind })));

export const pageQueries: readonly PageQuery[] = [
  ...both([
    { title: 'first page', shape: 'plain', limit: 100 },
    { title: 'first page', shape: 'plain', limit: 1_000 },
    { title: 'from a name', shape: 'plain', limit: 100, startName: anywhere },
    { title: 'prefix', shape: 'plain', limit: 100, prefix: () => 'file-000000' },
    { title: 'prefix of the last folder', shape: 'folders', limit: 100, prefix: lastFolder },
    { title: 'in a folder, delimiter', shape: 'folders', limit: 1_000, prefix: lastFolder, delimiter: '/' },
    { title: 'all names in one folder, delimiter', shape: 'oneFolder', limit: 100, delimiter: '/' },
  ]),
  { title: '1,000 versions per name', kind: 'names', shape: 'manyVersions', limit: 100, needs: 100 * group },
  { title: '1,000 versions per name', kind: 'names', shape: 'manyVersions', limit: 1_000, needs: 1_000 * group },
  { title: '1,000 versions per name', kind: 'versions', shape: 'manyVersions', limit: 1_000 },
];

function lastFolder(count: number): string {
  return folderName(count - 1).replace(/[^/]*$/, '');
}

/** Asks for page number `i`. Throws unless it is full, since pages of different lengths cannot be compared. */
export async function askPage({ listings, bucketIds, count }: LoadedStore, query: PageQuery, i: number): Promise<void> {
  const { kind, shape, limit, prefix, delimiter, startName } = query;
  const bucketId = bucketIds[shape];
  if (bucketId === undefined) throw new Error(`The store has no bucket "${shape}"`);
  const { rows } = await listings[kind]({
    bucketId,
    limit,
    ...(prefix && { prefix: prefix(count) }),
    ...(delimiter !== undefined && { delimiter }),
    ...(startName && { startName: startName(count, i) }),
  });
  if (rows.length !== limit) throw new Error(`"${query.title}" gave ${rows.length} rows instead of ${limit}`);
}
