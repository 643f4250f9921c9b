import { afterKey, keys, type BlobReference, type TableName, type Tables } from '@coffer/storage-ports';
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
  /** The file, and its part, that its reference names; null where the reference is missing, or does not decode. */
  readonly reference: BlobReference | null;
}

/**
 * Every blob that the metadata names and that is not in the metadata itself, in the order of ids. References name all
 * of them; versions and parts are read as well, so that a blob whose reference is missing is not left out. A record
 * that does not decode names nothing.
 */
export async function* namedBlobs(metadata: LmdbEnvironment): AsyncGenerator<NamedBlob, void> {
  const doomed = new DoomedParts(metadata);
  const unreferenced = (await blobsWithoutReference(metadata, doomed)).values();
  let extra = unreferenced.next();
  for await (const { key, record } of rows(metadata, 'blobReferences')) {
    const blobId = idIn(key);
    for (; extra.done !== true && extra.value < blobId; extra = unreferenced.next())
      yield { blobId: extra.value, isDoomed: false, reference: null };
    if (!blobIdPattern.test(blobId) || isInline(metadata, blobId)) continue;
    const isDoomed = isPending(metadata, blobId) || (record !== undefined && doomed.has(record));
    yield { blobId, isDoomed, reference: record ?? null };
  }
  for (; extra.done !== true; extra = unreferenced.next())
    yield { blobId: extra.value, isDoomed: false, reference: null };
}

async function blobsWithoutReference(metadata: LmdbEnvironment, doomed: DoomedParts): Promise<readonly string[]> {
  const found = new Set<string>();
  const note = (blobId: string | null | undefined) => {
    if (typeof blobId !== 'string') return;
    if (!blobIdPattern.test(blobId)) return;
    const isReferenced = has(metadata, 'blobReferences', keys.blobReferences(blobId));
    if (!isReferenced && !isInline(metadata, blobId)) found.add(blobId);
  };
  for await (const { record } of rows(metadata, 'fileVersions')) note(record?.blobId);
  for await (const { record } of rows(metadata, 'parts'))
    if (record !== undefined && !doomed.has(record)) note(record.blobId);
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

/** Which parts of large files wait for their removal: all of a file, or those that it was finished without. */
class DoomedParts {
  readonly #metadata: LmdbEnvironment;
  /** By file id. Kept, since there may be thousands of numbers, which are asked for one by one. */
  readonly #discarded = new Map<string, ReadonlySet<number>>();

  constructor(metadata: LmdbEnvironment) {
    this.#metadata = metadata;
  }

  has({ fileId, partNumber }: BlobReference): boolean {
    const known = this.#discarded.get(fileId);
    if (known !== undefined) return known.has(partNumber);
    const row = this.#metadata.table('pendingDeletions').get(keys.pendingDeletions(fileId));
    if (row === undefined) return false;
    const pending = decoded('pendingDeletions', row);
    if (pending?.kind !== 'discarded') return true;
    const discarded = new Set(pending.partNumbers);
    this.#discarded.set(fileId, discarded);
    return discarded.has(partNumber);
  }
}

/** Whether a blob waits for its removal. */
function isPending(metadata: LmdbEnvironment, blobId: string): boolean {
  return has(metadata, 'pendingDeletions', keys.pendingDeletions(blobId));
}

function has({ table }: LmdbEnvironment, name: TableName, key: Uint8Array): boolean {
  return table(name).getBinaryFast(key) !== undefined;
}
