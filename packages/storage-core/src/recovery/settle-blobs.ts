import { StoreError, type BlobReference, type PendingDeletion } from '@coffer/storage-ports';
import { judgeClock } from '../core/clock-judgement.ts';
import type { Core } from '../core/core.ts';
import { carryOut } from '../data/pending-deletion.ts';
import { StorageError } from '../services/storage-error.ts';
import type { Concerns } from './concerns.ts';
import { namedBlobs } from './named-blobs.ts';
import { restoreReference } from './restored-reference.ts';
import { hasReference, quarantinedBlobs, unreferencedBlobs, type Owners } from './stored-blobs.ts';

/**
 * Blobs without a reference that are looked at beyond the bound, since many of them may be named: some 10 MB of memory.
 */
const lookedAtBeyondBound = 100_000;

interface Given {
  /** How many orphans there can be. */
  readonly bound: number;
  /** Whose. */
  readonly owners: Owners;
  readonly unknownDeletions: readonly Extract<PendingDeletion, { kind: 'blob' }>[];
}

interface Settled {
  readonly deletions: number;
  readonly orphanBlobs: number;
  readonly purged: number;
  /** Whether every orphan that was to be moved was moved. */
  readonly isThrough: boolean;
  /** Whether there are more orphans than there can be, so that nothing was moved. */
  readonly isOlder: boolean;
}

interface Held {
  readonly blobId: string;
  readonly isExpired: boolean;
}

const nothing: Settled = { deletions: 0, orphanBlobs: 0, purged: 0, isThrough: true, isOlder: false };

/** Finds a place for every blob without a reference, in its folder or in quarantine. */
export async function settleBlobs(core: Core, concerns: Concerns, given: Given): Promise<Settled> {
  const limit = given.bound + lookedAtBeyondBound;
  const unreferenced = await unreferencedBlobs(core, limit, given.owners);
  const held = await heldWithoutReference(core, concerns);
  if (unreferenced.length === limit) {
    concerns.add('metadata_older', ...unreferenced);
    return { ...nothing, isOlder: true };
  }
  const doomed = new Set(given.unknownDeletions.map(({ blobId }) => blobId));
  const isLookNeeded = unreferenced.length > 0 || doomed.size > 0 || held.some(({ isExpired }) => isExpired);
  if (!isLookNeeded) return nothing;
  const named = await namedBlobs(core, new Set([...unreferenced, ...held.map(({ blobId }) => blobId), ...doomed]));
  if (named === undefined) {
    concerns.add('undecided', ...unreferenced, ...doomed);
    return { ...nothing, isThrough: false };
  }
  await keepNamed(core, concerns, named, held);
  return settleUnnamed(core, concerns, given, {
    orphans: await stillStored(
      core,
      unreferenced.filter((blobId) => !named.has(blobId) && !doomed.has(blobId)),
    ),
    held: held.filter(({ blobId }) => !named.has(blobId)),
    deletions: refuseNamed(concerns, named, given.unknownDeletions),
  });
}

/** Without those of files that other members delete meanwhile: the blob goes first, then its reference. */
async function stillStored({ membership, blobs }: Core, orphans: readonly string[]): Promise<string[]> {
  if (!membership.isShared) return [...orphans];
  const stored: string[] = [];
  for (const blobId of orphans) {
    const isThere = await blobs.size(blobId).then(
      () => true,
      (error: unknown) => {
        if (isGone(error)) return false;
        throw error;
      },
    );
    if (isThere) stored.push(blobId);
  }
  return stored;
}

/** Blobs in quarantine that no reference names; those that one names are put back. */
async function heldWithoutReference(core: Core, concerns: Concerns): Promise<readonly Held[]> {
  const overAt = (await judgeClock(core)).certain - core.options.quarantineMilliseconds;
  const held: Held[] = [];
  for await (const { blobId, quarantinedAt } of quarantinedBlobs(core.blobs)) {
    if (await hasReference(core, blobId)) {
      await restoreIfThere(core, blobId);
      concerns.add('returned', blobId);
    } else held.push({ blobId, isExpired: quarantinedAt <= overAt });
  }
  return held;
}

/** Keeps blobs that a version or part names: they are in use, even if their references are missing. */
async function keepNamed(
  core: Core,
  concerns: Concerns,
  named: ReadonlyMap<string, BlobReference>,
  held: readonly Held[],
): Promise<void> {
  for (const { blobId } of held) {
    if (!named.has(blobId)) continue;
    await restoreIfThere(core, blobId);
    concerns.add('returned', blobId);
  }
  for (const [blobId, reference] of named)
    concerns.add((await triedToRestore(core, blobId, reference)) ? 'reference_restored' : 'reference_missing', blobId);
}

/** Its file may have been deleted meanwhile, and the blob with it. */
async function restoreIfThere(core: Core, blobId: string): Promise<void> {
  await core.blobs.restore(blobId).catch((error: unknown) => {
    if (!isGone(error)) throw error;
  });
}

function isGone(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'missing_blob';
}

async function triedToRestore(core: Core, blobId: string, reference: BlobReference): Promise<boolean> {
  try {
    return await restoreReference(core, blobId, reference);
  } catch (error) {
    if (StorageError.is(error, 'storage_full')) return false;
    throw error;
  }
}

function refuseNamed(
  concerns: Concerns,
  named: ReadonlyMap<string, BlobReference>,
  deletions: Given['unknownDeletions'],
): Given['unknownDeletions'] {
  for (const { blobId } of deletions) if (named.has(blobId)) concerns.add('deletion_refused', blobId);
  return deletions.filter(({ blobId }) => !named.has(blobId));
}

interface Unnamed {
  readonly orphans: readonly string[];
  readonly held: readonly Held[];
  readonly deletions: Given['unknownDeletions'];
}

async function settleUnnamed(
  core: Core,
  concerns: Concerns,
  { bound }: Given,
  { orphans, held, deletions }: Unnamed,
): Promise<Settled> {
  if (orphans.length > bound) {
    concerns.add('metadata_older', ...orphans);
    return { ...nothing, isOlder: true };
  }
  for (const pending of deletions) await carryOut(core, pending);
  const moved = await moveToQuarantine(core, concerns, orphans);
  const expired = held.filter(({ isExpired }) => isExpired);
  for (const { blobId } of expired) await core.blobs.purge(blobId);
  return {
    deletions: deletions.length,
    orphanBlobs: moved,
    purged: expired.length,
    isThrough: moved === orphans.length,
    isOlder: false,
  };
}

/**
 * Returns how many are out of the way: all of them unless the disk is full, which must not keep a server from starting.
 */
async function moveToQuarantine(core: Core, concerns: Concerns, orphans: readonly string[]): Promise<number> {
  // Not earlier than the latest time that the store has seen: otherwise, once the clock is set right, the time of these
  // blobs in quarantine would be over at once.
  const { presumed: now } = await judgeClock(core);
  for (const [moved, blobId] of orphans.entries()) {
    try {
      await core.blobs.quarantine(blobId, now);
    } catch (error) {
      // Among members, the process that wrote the blob may have removed it, or another one may recover as well.
      if (isGone(error)) continue;
      if (!StorageError.is(error, 'storage_full')) throw error;
      concerns.add('no_space', ...orphans.slice(moved));
      return moved;
    }
  }
  return orphans.length;
}
