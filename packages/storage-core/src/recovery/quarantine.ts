import { StoreError } from '@coffer/storage-ports';
import { judgeClock } from '../core/clock-judgement.ts';
import type { Core } from '../core/core.ts';
import type { BlobSurvey, QuarantineService } from '../services/storage.ts';
import { namedBlobs } from './named-blobs.ts';
import { hasReference, quarantinedBlobs, unreferencedBlobs } from './stored-blobs.ts';
import { readWriteBounds } from './write-bounds.ts';

/** The most orphans that a survey counts, and the most whose ids it reports. */
const surveyed = 100_000;
const told = 100;

/** `QuarantineService`; `isMetadataOlder`: whether the last recovery found the metadata to be older than the blobs. */
export function quarantineService(core: Core, isMetadataOlder: () => boolean): QuarantineService {
  return {
    list: (options) => core.blobs.listQuarantine(options),
    restore: (blobId) => restore(core, blobId),
    purge: (blobIds) => purge(core, blobIds),
    purgeExpired: async () => (isMetadataOlder() ? 0 : purgeExpired(core)),
    survey: () => survey(core),
  };
}

async function restore(core: Core, blobId: string): Promise<'restored' | 'not_in_quarantine'> {
  if (!(await isHeld(core, blobId))) return 'not_in_quarantine';
  try {
    await core.blobs.restore(blobId);
    return 'restored';
  } catch (error) {
    if (error instanceof StoreError && error.code === 'missing_blob') return 'not_in_quarantine';
    throw error;
  }
}

async function isHeld(core: Core, wanted: string): Promise<boolean> {
  for await (const { blobId } of quarantinedBlobs(core.blobs)) if (blobId === wanted) return true;
  return false;
}

async function purge(core: Core, blobIds: readonly string[]): ReturnType<QuarantineService['purge']> {
  const purged: string[] = [];
  const named = await namedBlobs(core, new Set(blobIds));
  for (const blobId of blobIds) {
    if (named === undefined || named.has(blobId) || (await hasReference(core, blobId))) continue;
    await core.blobs.purge(blobId);
    purged.push(blobId);
  }
  const gone = new Set(purged);
  return { purged, named: blobIds.filter((blobId) => !gone.has(blobId)) };
}

async function purgeExpired(core: Core): Promise<number> {
  const overAt = (await judgeClock(core)).certain - core.options.quarantineMilliseconds;
  const expired: string[] = [];
  for await (const { blobId, quarantinedAt } of quarantinedBlobs(core.blobs))
    if (quarantinedAt <= overAt) expired.push(blobId);
  return (await purge(core, expired)).purged.length;
}

async function survey(core: Core): Promise<BlobSurvey> {
  const unreferenced = await unreferencedBlobs(core, surveyed, undefined);
  const named = await namedBlobs(core, new Set(unreferenced));
  const orphans = unreferenced.filter((blobId) => named?.has(blobId) !== true);
  let [count, bytes] = [0, 0];
  for await (const { size } of quarantinedBlobs(core.blobs)) {
    count++;
    bytes += size;
  }
  return {
    orphans: { count: orphans.length, ids: orphans.slice(0, told) },
    bound: (await readWriteBounds(core)).sum,
    quarantine: { count, bytes },
  };
}
