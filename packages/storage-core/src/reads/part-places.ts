import type { SealedPart } from '@coffer/envelope-crypto';
import type { FileVersionRecord } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { maximumPartNumber } from '../core/options.ts';
import { furtherOfBlob, inTurns, masksFor, unmaskedFurther } from '../encryption/checksums.ts';
import { requireLimit } from '../listings/page-limit.ts';
import type { PartAt, PartPlace, PartPlaces } from '../services/storage.ts';
import { endsOf, genuineParts } from './genuine-parts.ts';

/** `ReadService.parts`. */
export async function partPlaces(
  core: Core,
  version: FileVersionRecord,
  { afterPartNumber = 0, limit }: { afterPartNumber?: number; limit: number } = { limit: maximumPartNumber },
): Promise<PartPlaces> {
  requireLimit(limit);
  const all = await partsOf(core, version);
  const from = firstFrom(all, afterPartNumber + 1);
  const page = all.slice(from, from + limit).map((part, index) => ({ part, start: startOf(all, from + index) }));
  return {
    count: all.length,
    parts: await inTurns(page, async (some) => {
      const masks = await masksFor(core, version.encryption);
      return some.map(({ part: { partNumber, size, blobId, checksums }, start }): PartPlace => {
        return { partNumber, start, size, furtherChecksum: unmaskedFurther(masks, blobId, checksums.further) };
      });
    }),
    isTruncated: from + limit < all.length,
  };
}

/** `ReadService.partAt`. */
export async function partAt(core: Core, version: FileVersionRecord, partNumber: number): Promise<PartAt | undefined> {
  const all = await partsOf(core, version);
  const index = firstFrom(all, partNumber);
  const part = all[index];
  if (part?.partNumber !== partNumber) return undefined;
  const { size, blobId, checksums } = part;
  const furtherChecksum = await furtherOfBlob(core, version.encryption, blobId, checksums);
  return { start: startOf(all, index), size, count: all.length, furtherChecksum };
}

/** The parts of a finished large file; none of a file of one blob. */
async function partsOf(core: Core, version: FileVersionRecord): Promise<readonly SealedPart[]> {
  if (version.action !== 'upload') throw failures.fileMissing();
  const parts = await genuineParts(core, version);
  return version.partCount === null ? [] : parts;
}

/** The place in the list of the first part with this number or a larger one. */
function firstFrom(parts: readonly SealedPart[], partNumber: number): number {
  let [low, high] = [0, parts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((parts[middle]?.partNumber ?? 0) < partNumber) low = middle + 1;
    else high = middle;
  }
  return low;
}

function startOf(parts: readonly SealedPart[], index: number): number {
  return endsOf(parts)[index - 1] ?? 0;
}
