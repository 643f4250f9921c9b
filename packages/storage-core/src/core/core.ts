import type { SealedPart } from '@coffer/envelope-crypto';
import { BlobWriteBound } from './blob-write-bound.ts';
import { Digests } from './digests.ts';
import { guardBlobs, guardKeys, guardMetadata } from './guarded-ports.ts';
import { Membership } from './membership.ts';
import { KeyedQueue } from './keyed-queue.ts';
import { completeOptions } from './options.ts';
import type { MetadataStore } from '@coffer/storage-ports';
import { provenMetadata } from './proven-records.ts';
import { HealthMonitor } from './storage-health.ts';
import { generationReader } from './store-identity.ts';
import type { StorageDependencies, StorageOptions } from '../services/storage.ts';
import { VerifiedParts } from './verified-parts.ts';

/** What every operation works over. */
export interface Core extends StorageDependencies {
  /** The metadata store without checks of the proofs of access records, for work that looks for damage. */
  readonly unproven: MetadataStore;
  readonly options: StorageOptions;
  /**
   * Lets only one change of the same thing run at a time in this process, so that changes do not make each other retry.
   */
  readonly queue: KeyedQueue;
  readonly monitor: HealthMonitor;
  readonly verifiedParts: VerifiedParts<SealedPart>;
  readonly blobWrites: BlobWriteBound;
  readonly membership: Membership;
  readonly digests: Digests;
  /** The generation of the store, which tokens name. @throws StorageError `storage_unavailable` where there is none. */
  readonly generation: () => Promise<string>;
}

export function createCore(dependencies: StorageDependencies, options: Partial<StorageOptions> | undefined): Core {
  const completed = completeOptions(options);
  const monitor = new HealthMonitor(dependencies.metadata, dependencies.clock, completed.writeRetryMilliseconds);
  const unproven = guardMetadata(dependencies.metadata, monitor);
  const keys = guardKeys(dependencies.keys);
  const metadata = provenMetadata(unproven, keys);
  const membership = new Membership(metadata, dependencies, completed.memberSilenceMilliseconds);
  return {
    metadata,
    unproven,
    blobs: guardBlobs(dependencies.blobs, monitor),
    keys,
    clock: dependencies.clock,
    random: dependencies.random,
    engine: dependencies.engine,
    options: completed,
    metadataSize: dependencies.metadataSize,
    queue: new KeyedQueue(),
    monitor,
    verifiedParts: new VerifiedParts(completed.keptParts),
    blobWrites: new BlobWriteBound(metadata, dependencies.random, membership),
    membership,
    digests: new Digests(dependencies.digestEngine),
    generation: generationReader(metadata),
  };
}
