import { StoreError, type Clock, type MetadataStore } from '@coffer/storage-ports';
import { failures } from './failures.ts';
import type { StorageHealth } from '../services/storage.ts';

const healthy: StorageHealth = { state: 'ok', reason: null, since: null };

/**
 * Concludes from the failures of the stores how the storage as a whole is. If there is no space, or the metadata store
 * refuses commits, operations that add something are refused for a while without asking the stores, so that neither the
 * disk nor the clients waste time on what cannot succeed; after that, the next operation tries again.
 */
export class HealthMonitor {
  readonly #metadata: MetadataStore;
  readonly #clock: Clock;
  readonly #retryMilliseconds: number;
  #health: StorageHealth = healthy;
  #cause: unknown;
  #retryAt = 0;
  #probing: Promise<void> | undefined;

  /** `metadata`: the store itself, which is asked whether it takes commits. */
  constructor(metadata: MetadataStore, clock: Clock, retryMilliseconds: number) {
    this.#metadata = metadata;
    this.#clock = clock;
    this.#retryMilliseconds = retryMilliseconds;
  }

  get health(): StorageHealth {
    return this.#health;
  }

  /** @throws StorageError `storage_full`, `storage_unavailable` where it is known that nothing can be added. */
  async requireWritable(): Promise<void> {
    const wait = this.#clock.now() < this.#retryAt;
    // The metadata store is asked first: if it refuses commits, all that an upload could do is leave a blob behind.
    if (!wait && this.#health.state === 'failed') await this.#probe();
    if (this.#health.state === 'failed') throw failures.storageUnavailable(this.#cause);
    if (wait && this.#health.state === 'read-only') throw failures.storageFull(this.#cause);
  }

  /** To be called for every failure of a store that was to keep something. */
  writeFailed(error: unknown): void {
    if (!(error instanceof StoreError) || error.code !== 'full') return;
    if (this.#health.state !== 'failed') this.#enter('read-only', error);
  }

  /** To be called for every failure of a commit. */
  async commitFailed(error: unknown): Promise<void> {
    this.writeFailed(error);
    if (error instanceof StoreError && error.code === 'io') await this.#probe();
  }

  /** To be called when something new was stored. */
  succeeded(): void {
    this.#health = healthy;
    this.#retryAt = 0;
  }

  /** Finds out whether the metadata store still takes commits; after a commit of unknown outcome, it takes no more. */
  #probe(): Promise<void> {
    this.#probing ??= this.#metadata
      .commit({ expectations: [], writes: [] })
      .then(
        () => {
          if (this.#health.state === 'failed') this.succeeded();
        },
        (error: unknown) => {
          if (error instanceof StoreError && error.code === 'io') this.#enter('failed', error);
        },
      )
      .finally(() => {
        this.#probing = undefined;
      });
    return this.#probing;
  }

  #enter(state: 'read-only' | 'failed', cause: StoreError): void {
    const now = this.#clock.now();
    const since = this.#health.state === state ? this.#health.since : now;
    this.#health = { state, reason: cause.message, since };
    this.#cause = cause;
    this.#retryAt = now + this.#retryMilliseconds;
  }
}
