import { afterKey, keys, type TableName, type Tables } from '@coffer/storage-ports';
import { blobIdPattern } from '../blob-folders.ts';
import type { LmdbEnvironment } from '../lmdb-environment.ts';
import { decodeRecord } from '../record-codec.ts';

const rowsPerPage = 1_000;
/** The bytes that end a text in a key. */
const textEnd = 2;

/** A blob in a file of its own that the metadata names. */
export interface NamedBlob {
  readonly blobId: string;
  /** Whether the blob is to be removed anyway, together with its file, so that it may be gone already. */
  readonly isDoomed: boolean;
  /** The file that its reference names; null where the reference is missing, or does not decode. */
  readonly fileId: string | null;
}

/**
 * Every blob that the metadata names and that is not in the metadata itself, in the order of ids. References name all
 * of them; versions and parts are read as well, so that a blob whose reference is missing is not left out. A record
 * that does not decode names nothing.
 */
export async function* namedBlobs(metadata: LmdbEnvironment): AsyncGenerator<NamedBlob, void> {
  const unreferenced = (await blobsWithoutReference(metadata)).values();
  let extra = unreferenced.next();
  for await (const { key, record } of rows(metadata, 'blobReferences')) {
    const blobId = idIn(key);
    for (; extra.done !== true && extra.value < blobId; extra = unreferenced.next())
      yield { blobId: extra.value, isDoomed: false, fileId: null };
    if (!blobIdPattern.test(blobId) || isInline(metadata, blobId)) continue;
    const isDoomed = isPending(metadata, blobId) || (record !== undefined && isPending(metadata, record.fileId));
    yield { blobId, isDoomed, fileId: record?.fileId ?? null };
  }
  for (; extra.done !== true; extra = unreferenced.next()) yield { blobId: extra.value, isDoomed: false, fileId: null };
}

async function blobsWithoutReference(metadata: LmdbEnvironment): Promise<readonly string[]> {
  const found = new Set<string>();
  const note = (blobId: string | null | undefined) => {
    if (typeof blobId !== 'string') return;
    if (!blobIdPattern.test(blobId)) return;
    const isReferenced = has(metadata, 'blobReferences', keys.blobReferences(blobId));
    if (!isReferenced && !isInline(metadata, blobId)) found.add(blobId);
  };
  for await (const { record } of rows(metadata, 'fileVersions')) note(record?.blobId);
  for await (const { record } of rows(metadata, 'parts'))
    if (record !== undefined && !isPending(metadata, record.fileId)) note(record.blobId);
  return [...found].sort();
}

interface RawRow<Name extends TableName> {
  readonly key: Uint8Array;
  /** Undefined if the record does not decode. */
  readonly record: Tables[Name] | undefined;
}

async function* rows<Name extends TableName>(
  { table }: LmdbEnvironment,
  name: Name,
): AsyncGenerator<RawRow<Name>, void> {
  for (let start: Uint8Array = Uint8Array.of(0); ;) {
    const page: RawRow<Name>[] = [];
    for (const { key, value } of table(name).getRange({ start, limit: rowsPerPage }))
      page.push({ key: Uint8Array.from(key), record: decoded(name, value) });
    yield* page;
    const last = page.at(-1)?.key;
    if (last === undefined || page.length < rowsPerPage) return;
    start = afterKey(last);
    // Between two pages, other work gets its turn: the backup lease must be renewed while a large store is read.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function decoded<Name extends TableName>(name: Name, value: Uint8Array): Tables[Name] | undefined {
  try {
    return decodeRecord(name, value);
  } catch {
    return undefined;
  }
}

function idIn(key: Uint8Array): string {
  return Buffer.from(key.subarray(0, -textEnd)).toString('latin1');
}

function isInline(metadata: LmdbEnvironment, blobId: string): boolean {
  return has(metadata, 'inlineBlobs', keys.inlineBlobs(blobId));
}

/**
 * Whether something waits for its deletion: a blob under its own id, or all parts of a large file under the id of the
 * file.
 */
function isPending(metadata: LmdbEnvironment, id: string): boolean {
  return has(metadata, 'pendingDeletions', keys.pendingDeletions(id));
}

function has({ table }: LmdbEnvironment, name: TableName, key: Uint8Array): boolean {
  return table(name).getBinaryFast(key) !== undefined;
}
