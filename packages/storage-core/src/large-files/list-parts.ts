import { keys, prefixRange, recordKey, type PartRecord } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { getUnfinished, readerOf } from '../records/find-version.ts';
import { maximumPartNumber } from '../core/options.ts';
import { requireLimit } from '../listings/page-limit.ts';

/** `LargeFileService.listParts`. */
export async function listParts(
  core: Core,
  { fileId, startPartNumber = 1, limit }: { fileId: string; startPartNumber?: number; limit: number },
): Promise<{ readonly parts: readonly PartRecord[]; readonly nextPartNumber: number | null }> {
  requireLimit(limit);
  await getUnfinished(readerOf(core.metadata), fileId);
  const from = Math.min(Math.max(startPartNumber, 1), maximumPartNumber + 1);
  const rows = await core.metadata.scan('parts', {
    start: keys.parts(fileId, from),
    end: prefixRange(recordKey(fileId)).end,
    limit: Math.min(limit, maximumPartNumber - 1) + 1,
  });
  const parts = rows.map((row) => row.value);
  return { parts: parts.slice(0, limit), nextPartNumber: parts[limit]?.partNumber ?? null };
}
