import assert from 'node:assert/strict';
import { childrenOf, childText, type Answer, type TestServer } from './test-server.ts';

/** Parameters of a list; one of undefined is left out. */
export type ListQuery = Readonly<Record<string, string | number | undefined>>;

/** One page of a list, its rows in the order of the document. */
export interface ListedPage {
  readonly answer: Answer;
  /** Children of the root by name; of several with one name the first. */
  readonly field: (name: string) => string | undefined;
  /** The keys of the rows of that name. */
  readonly keys: (rowName: string) => readonly string[];
  readonly commonPrefixes: readonly string[];
  readonly isTruncated: boolean;
}

/** Asks for a page; `query` stands behind the names that choose the list. */
export async function listPage(server: TestServer, bucket: string, query: ListQuery): Promise<ListedPage> {
  const answer = await server.ok({ target: `/${bucket}?${queryText(query)}` });
  const { xml } = answer;
  const isTruncated = childText(xml, 'IsTruncated');
  assert.ok(isTruncated === 'true' || isTruncated === 'false');
  return {
    answer,
    field: (name) => childText(xml, name),
    keys: (rowName) => childrenOf(xml, rowName).map((row) => childText(row, 'Key') ?? ''),
    commonPrefixes: childrenOf(xml, 'CommonPrefixes').map((row) => childText(row, 'Prefix') ?? ''),
    isTruncated: isTruncated === 'true',
  };
}

/** A query, percent-encoded. */
function queryText(query: ListQuery): string {
  return Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => (value === '' ? name : `${name}=${encodeURIComponent(String(value))}`))
    .join('&');
}

/** The path of an object, percent-encoded. */
export function pathOf(bucket: string, key: string): string {
  return `/${bucket}/${encodeURIComponent(key)}`;
}

/** Compares by the bytes of UTF-8, as lists are ordered. */
export function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** A row of all pages: a key, or a common prefix. */
export type ListedRow = `key ${string}` | `prefix ${string}`;

/** The rows of a whole list of sorted keys, by the plainest means. */
export function foldedRows(keys: readonly string[], prefix: string, delimiter: string): readonly ListedRow[] {
  const rows: ListedRow[] = [];
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue;
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const row: ListedRow = at < 0 ? `key ${key}` : `prefix ${key.slice(0, at + delimiter.length)}`;
    if (rows.at(-1) !== row || at < 0) rows.push(row);
  }
  return rows;
}

/** The rows behind a marker: not those of the common prefix that it is in. */
export function rowsBehind(rows: readonly ListedRow[], marker: string): readonly ListedRow[] {
  return rows.filter((row) => {
    const name = row.slice(row.indexOf(' ') + 1);
    return byBytes(name, marker) > 0 && !(row.startsWith('prefix ') && marker.startsWith(name));
  });
}

/** The rows of a page, those of both kinds by their names in order. */
function rowsOf(page: ListedPage, rowName: string): readonly ListedRow[] {
  const keys = page.keys(rowName).map((key): ListedRow => `key ${key}`);
  const prefixes = page.commonPrefixes.map((prefix): ListedRow => `prefix ${prefix}`);
  return [...keys, ...prefixes].sort((a, b) => byBytes(a.slice(a.indexOf(' ') + 1), b.slice(b.indexOf(' ') + 1)));
}

/** All rows of objects, page by page of at most `maxKeys`; each page but the last is full. */
export async function listAll(
  server: TestServer,
  bucket: string,
  form: 'v1' | 'v2',
  { maxKeys, ...query }: ListQuery & { readonly maxKeys: number },
): Promise<readonly ListedRow[]> {
  const all: ListedRow[] = [];
  let place: ListQuery = {};
  for (;;) {
    const chosen = form === 'v2' ? { 'list-type': 2 } : {};
    const page = await listPage(server, bucket, { ...chosen, ...query, 'max-keys': maxKeys, ...place });
    const rows = rowsOf(page, 'Contents');
    all.push(...rows);
    if (form === 'v2') assert.equal(page.field('KeyCount'), String(rows.length));
    if (!page.isTruncated) return all;
    assert.equal(rows.length, maxKeys);
    place = form === 'v2' ? { 'continuation-token': page.field('NextContinuationToken') } : nextOfV1(page, query, rows);
  }
}

/** Only with a delimiter does the first form say where the next page begins. */
function nextOfV1(page: ListedPage, query: ListQuery, rows: readonly ListedRow[]): ListQuery {
  const next = page.field('NextMarker');
  assert.equal(next !== undefined, (query['delimiter'] ?? '') !== '');
  return { marker: next ?? rows.at(-1)?.slice('key '.length) };
}
