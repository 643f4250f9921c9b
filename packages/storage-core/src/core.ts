import type { KeyProvider } from '@coffer/envelope-crypto';
import type { BlobStore, Clock, MetadataStore, RandomSource } from '@coffer/storage-ports';
import { guardBlobs, guardKeys, guardMetadata } from './guarded-ports.ts';
import { KeyedQueue } from './keyed-queue.ts';
import { headerMetadataSize } from './metadata-size.ts';
import { completeOptions } from './options.ts';
import { HealthMonitor } from './storage-health.ts';
import type { StorageDependencies, StorageOptions } from './storage.ts';
import { watchBlobs, watchMetadata } from './watched-ports.ts';

/** What every operation works over. */
export interface Core {
  readonly metadata: MetadataStore;
  readonly blobs: BlobStore;
  readonly keys: KeyProvider;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly options: StorageOptions;
  readonly metadataSize: (name: string, fileInfo: Readonly<Record<string, string>>) => number;
  /** One change at a time of the same thing within this process, so that they do not make each other retry. */
  readonly queue: KeyedQueue;
  readonly monitor: HealthMonitor;
}

export function createCore(dependencies: StorageDependencies, options: Partial<StorageOptions> | undefined): Core {
  const completed = completeOptions(options);
  const monitor = new HealthMonitor(dependencies.metadata, dependencies.clock, completed.writeRetryMilliseconds);
  return {
    metadata: guardMetadata(watchMetadata(dependencies.metadata, monitor)),
    blobs: guardBlobs(watchBlobs(dependencies.blobs, monitor)),
    keys: guardKeys(dependencies.keys),
    clock: dependencies.clock,
    random: dependencies.random,
    options: completed,
    metadataSize: dependencies.metadataSize ?? headerMetadataSize,
    queue: new KeyedQueue(),
    monitor,
  };
}
