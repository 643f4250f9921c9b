import { keys, prefixRange, recordKey, type PartRecord } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { allShownParts } from '../encryption/checksums.ts';
import type { FilePart } from '../services/storage.ts';
import { pagesOf } from '../core/table-pages.ts';
import { getUnfinished, readerOf } from '../records/find-version.ts';
import { maximumPartNumber } from '../core/options.ts';
import { requireLimit } from '../listings/page-limit.ts';

/** `LargeFileService.listParts`. */
export async function listParts(
  core: Core,
  { fileId, startPartNumber = 1, limit }: { fileId: string; startPartNumber?: number; limit: number },
): Promise<{ readonly parts: readonly FilePart[]; readonly nextPartNumber: number | null }> {
  requireLimit(limit);
  const { encryption } = await getUnfinished(readerOf(core.metadata), fileId);
  const from = Math.min(Math.max(startPartNumber, 1), maximumPartNumber + 1);
  const range = { start: keys.parts(fileId, from), end: prefixRange(recordKey(fileId)).end };
  const parts: PartRecord[] = [];
  for await (const rows of pagesOf(core.metadata, 'parts', range, { limit: limit + 1 }))
    for (const { value } of rows) parts.push(value);
  return {
    parts: await allShownParts(core, encryption, parts.slice(0, limit)),
    nextPartNumber: parts[limit]?.partNumber ?? null,
  };
}
