import { StoreError, systemClock, type Clock } from '@coffer/storage-ports';
import { BlobKeys } from './blob-keys.ts';
import { frameLength } from './frames.ts';
import { listObjects } from './listing.ts';
import { PartMemory } from './part-memory.ts';
import { probeStore, type UnprobedContext } from './probe-store.ts';
import { parseS3Address } from './s3-address.ts';
import { BucketBlobStore, type S3BlobStore } from './s3-blob-store.ts';
import { S3Calls } from './s3-calls.ts';
import { createS3Client, type S3Connection } from './s3-client.ts';
import { S3Failure, storeFailure } from './s3-failure.ts';
import { limitsOf, type S3Limits } from './s3-limits.ts';
import { describePlace, requireMark } from './store-marker.ts';
import { StateKeeper } from './store-state.ts';

const mebibyte = 1024 * 1024;
/** S3 takes parts of 5 MiB and more, and copies up to 5 GiB at once. */
const shortestPart = 5 * mebibyte;
const longestCopy = 5 * 1024 * mebibyte;
const defaultMemory = 256 * mebibyte;

/** Where the blobs are and how they are kept there. */
export interface S3StoreOptions extends S3Connection {
  /** `s3://bucket` or `s3://bucket/prefix`. The bucket is there already. */
  readonly address: string;
  /** The store that the blobs belong to: 32 hexadecimal digits. */
  readonly storeId: string;
  /** Whether an empty place becomes this store's. Default: false, it is refused then. */
  readonly create?: boolean;
  /**
   * Bytes of a part, at least 5 MiB, rounded up to whole frames; default: 5 MiB. A blob has at most 10,000 parts, some
   * 48 GiB by default; a write holds two parts in memory.
   */
  readonly partSize?: number;
  /**
   * Bytes of memory for parts in this process; default: 256 MiB. More writes of large blobs wait; of each small one
   * there is up to half a MiB besides.
   */
  readonly memory?: number;
  /** Objects with more bytes are copied in parts of that size, from 5 MiB to 5 GiB; default: 5 GiB. */
  readonly copySize?: number;
  readonly limits?: Partial<S3Limits>;
  readonly clock?: Clock;
}

/**
 * Opens a blob store in a bucket of any S3-compatible store. Makes sure that the place belongs to the given store, and
 * writes, reads, copies and deletes a few small objects there to find out what the store does.
 *
 * @throws RangeError for options that are none; StoreError `io`, `full` with one sentence that says what to do.
 */
export async function openS3BlobStore(options: S3StoreOptions): Promise<S3BlobStore> {
  const place = parseS3Address(options.address);
  if (!/^[0-9a-f]{32}$/.test(options.storeId)) throw new RangeError('A store id is 32 hexadecimal digits');
  const sizes = sizesOf(options);
  const limits = limitsOf(options.limits);
  const clock = options.clock ?? systemClock;
  const state = new StateKeeper(clock);
  const calls = new S3Calls(createS3Client(options, limits), limits, state);
  const context: UnprobedContext = { calls, bucket: place.bucket, keys: new BlobKeys(place), ...sizes };
  try {
    await requirePlace(context, options);
    const { abilities, warnings } = await probeStore(context);
    return new BucketBlobStore({ context: { ...context, abilities }, warnings, state, clock });
  } catch (error) {
    calls.destroy();
    throw error;
  }
}

function sizesOf(options: S3StoreOptions): Pick<UnprobedContext, 'memory' | 'partLength' | 'copyLength'> {
  const { partSize = shortestPart, memory = defaultMemory, copySize = longestCopy } = options;
  checkSize('partSize', partSize, shortestPart, longestCopy - frameLength);
  checkSize('copySize', copySize, shortestPart, longestCopy);
  const partLength = Math.ceil(partSize / frameLength) * frameLength;
  checkSize('memory', memory, partLength, Number.MAX_SAFE_INTEGER);
  const count = Math.floor(memory / partLength);
  return { partLength, copyLength: copySize, memory: new PartMemory(partLength, count) };
}

function checkSize(name: string, value: number, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > most)
    throw new RangeError(`${name} is a number of bytes from ${least} to ${most}`);
}

async function requirePlace(context: UnprobedContext, { storeId, create = false }: S3StoreOptions): Promise<void> {
  try {
    // The right to list comes first: without it, a store says of what is not there that it is forbidden.
    for await (const object of listObjects(context, context.keys.blobs, undefined, 1)) if (object.key !== '') break;
    await requireMark(context, storeId, create);
  } catch (error) {
    if (!(error instanceof S3Failure)) throw error;
    const { code, message } = storeFailure(`Opening the store`, error);
    throw new StoreError(code, `${message} [${describePlace(context)}]`, { cause: error });
  }
}
