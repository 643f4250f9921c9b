import { prefixRange, recordKey, type FileVersionRecord, type PartRecord } from '@coffer/storage-ports';
import type { SealedPart } from '@coffer/envelope-crypto';
import type { Core } from '../core/core.ts';
import { pagesOf } from '../core/table-pages.ts';

/** All parts of a large file, ascending. */
export async function readParts(core: Core, fileId: string): Promise<PartRecord[]> {
  const parts: PartRecord[] = [];
  for await (const rows of pagesOf(core.metadata, 'parts', prefixRange(recordKey(fileId))))
    for (const { value } of rows) parts.push(value);
  return parts;
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
