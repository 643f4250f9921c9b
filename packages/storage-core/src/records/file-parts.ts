import { afterKey, prefixRange, recordKey, type FileVersionRecord, type PartRecord } from '@coffer/storage-ports';
import type { SealedPart } from '@coffer/envelope-crypto';
import type { Core } from '../core/core.ts';

const page = 1_000;

/** All parts of a large file, ascending. */
export async function readParts(core: Core, fileId: string): Promise<PartRecord[]> {
  const parts: PartRecord[] = [];
  const range = prefixRange(recordKey(fileId));
  let { start } = range;
  for (;;) {
    const rows = await core.metadata.scan('parts', { ...range, start, limit: page });
    for (const { value } of rows) parts.push(value);
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) return parts;
    start = afterKey(last.key);
  }
}

/** The blobs that make up a stored file, as its record was sealed with them. */
export async function blobsOf(core: Core, version: FileVersionRecord): Promise<readonly SealedPart[]> {
  if (version.partCount === null)
    return version.blobId === null ? [] : [{ partNumber: 0, blobId: version.blobId, size: version.size }];
  return sealedParts(await readParts(core, version.fileId));
}

export function sealedParts(parts: readonly PartRecord[]): SealedPart[] {
  return parts.map(({ partNumber, blobId, size }) => ({ partNumber, blobId, size }));
}
