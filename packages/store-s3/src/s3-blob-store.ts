import type { ByteRange, ByteStream } from '@coffer/bytes';
import { StoreError, type BlobStore, type Clock, type QuarantinedBlob, type SweepOptions } from '@coffer/storage-ports';
import { checkBlobId } from './blob-keys.ts';
import { lengthOf, readBlob } from './blob-reading.ts';
import { BlobWriting } from './blob-writing.ts';
import { IdTurns } from './id-turns.ts';
import { listObjects } from './listing.ts';
import { lookAt, requireObject } from './object-facts.ts';
import { S3Quarantine } from './quarantine.ts';
import { removeObject } from './removal.ts';
import type { S3Abilities } from './s3-abilities.ts';
import type { S3Context } from './s3-context.ts';
import { S3Failure, storeFailure } from './s3-failure.ts';
import type { S3State, StateKeeper } from './store-state.ts';
import { sweep } from './sweeping.ts';

/** A blob store in a bucket, with what can be asked of it. */
export interface S3BlobStore extends BlobStore {
  /** What the store behind the bucket does. */
  readonly abilities: S3Abilities;
  /** Sentences for the operator: what was noticed of the bucket when it was opened. */
  readonly warnings: readonly string[];
  /** How the store is, by the last that was learnt of it. Asks nobody. */
  state(): S3State;
  /** Asks the store, once and within its time limit, and resolves to how it is. Never rejects. */
  check(): Promise<S3State>;
}

/** The parts that a store is made of. */
interface StoreParts {
  readonly context: S3Context;
  readonly warnings: readonly string[];
  readonly state: StateKeeper;
  readonly clock: Clock;
}

/** The blob port over a bucket. */
export class BucketBlobStore implements S3BlobStore {
  readonly warnings: readonly string[];
  readonly #context: S3Context;
  readonly #state: StateKeeper;
  readonly #clock: Clock;
  readonly #quarantine: S3Quarantine;
  readonly #turns = new IdTurns();
  #closed = false;

  constructor({ context, warnings, state, clock }: StoreParts) {
    this.#context = context;
    this.warnings = warnings;
    this.#state = state;
    this.#clock = clock;
    this.#quarantine = new S3Quarantine(context);
  }

  get abilities(): S3Abilities {
    return this.#context.abilities;
  }

  state(): S3State {
    return this.#state.state;
  }

  async check(): Promise<S3State> {
    const { calls, bucket, keys } = this.#context;
    await lookAt({ calls: calls.once(), bucket }, keys.mark).catch(() => undefined);
    return this.#state.state;
  }

  async write(blobId: string, stream: ByteStream, options: { readonly signal?: AbortSignal } = {}): Promise<number> {
    try {
      this.#open(blobId);
    } catch (error) {
      await stream[Symbol.asyncIterator]().return?.();
      throw error;
    }
    return new BlobWriting(this.#context, this.#turns, blobId, options.signal).write(stream);
  }

  async size(blobId: string): Promise<number> {
    this.#open(blobId);
    return lengthOf(blobId, await requireObject(this.#context, blobId));
  }

  async read(blobId: string, range?: ByteRange): Promise<ByteStream> {
    this.#open(blobId);
    return readBlob(this.#context, blobId, range);
  }

  async delete(blobId: string): Promise<void> {
    this.#open(blobId);
    await attempt(`Deleting blob ${blobId}`, removeObject(this.#context, this.#context.keys.blob(blobId)));
  }

  async list({ after = '', limit }: { readonly after?: string; readonly limit: number }): Promise<readonly string[]> {
    checkLimit(limit);
    this.#open();
    return attempt('Listing blobs', this.#list(after, limit));
  }

  async quarantine(blobId: string, at: number): Promise<void> {
    if (!Number.isSafeInteger(at) || at < 0) throw new RangeError(`A time is milliseconds since the epoch, not ${at}`);
    this.#open(blobId);
    await attempt(`Putting blob ${blobId} into quarantine`, this.#quarantine.add(blobId, at));
  }

  async listQuarantine({
    after = '',
    limit,
  }: {
    readonly after?: string;
    readonly limit: number;
  }): Promise<readonly QuarantinedBlob[]> {
    checkLimit(limit);
    this.#open();
    return attempt('Listing the quarantine', this.#quarantine.list(after, limit));
  }

  async restore(blobId: string): Promise<void> {
    this.#open(blobId);
    await attempt(`Restoring blob ${blobId}`, this.#quarantine.restore(blobId));
  }

  async purge(blobId: string): Promise<void> {
    this.#open(blobId);
    await attempt(`Removing blob ${blobId} from quarantine`, this.#quarantine.purge(blobId));
  }

  async sweep(options: SweepOptions = {}): Promise<number> {
    this.#open();
    return attempt('Sweeping', sweep(this.#context, options, this.#clock.now()));
  }

  /** Connections of reads that are under way end with them; unused ones are closed after a while. */
  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  async #list(after: string, limit: number): Promise<readonly string[]> {
    const { keys } = this.#context;
    const ids: string[] = [];
    const start = after === '' ? undefined : keys.blob(after);
    for await (const { key } of listObjects(this.#context, keys.blobs, start, limit)) {
      const blobId = keys.blobIdOf(key);
      if (blobId !== undefined) ids.push(blobId);
      if (ids.length === limit) break;
    }
    // An emptied or exchanged bucket is not one without blobs.
    if (ids.length === 0 && (await lookAt(this.#context, keys.mark)) === undefined)
      throw new S3Failure('refused', `the bucket no longer has the object ${keys.mark}`);
    return ids;
  }

  #open(...blobIds: readonly string[]): void {
    blobIds.forEach(checkBlobId);
    if (this.#closed) throw new StoreError('closed', 'The blob store was closed');
  }
}

/** Failures of the store as the port's; all other errors stay what they are. */
async function attempt<T>(doing: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof S3Failure ? storeFailure(doing, error) : error;
  }
}

function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`A limit is a positive integer, not ${limit}`);
}
