import type { ByteRange, ByteStream } from '@coffer/bytes';

/** A blob that was taken out of use and not removed yet. */
export interface QuarantinedBlob {
  readonly blobId: string;
  /** When it was taken out of use, in milliseconds since the epoch. */
  readonly quarantinedAt: number;
  /** Bytes. */
  readonly size: number;
}

/** What a sweep leaves alone. */
export interface SweepOptions {
  /**
   * Whether a write of that blob may be under way anywhere, in whichever process. Whatever belongs to such a write
   * stays. The store asks after it has found what may be a leftover, never before. So the answer is right as long as
   * every writer lets this function know of the blob before it calls {@link BlobStore.write}. It may reject: the sweep
   * does so too then, and what it has not asked about stays.
   */
  readonly live?: (blobId: string) => boolean | Promise<boolean>;
}

/**
 * Immutable byte strings by id. Knows nothing of encryption: what it is given is what it keeps.
 *
 * - Ids are 1 … 64 characters of `[a-z0-9]`, chosen by the caller and never used twice. Other ids, ranges not within
 *   the blob, times that are no non-negative integers and limits below 1 are mistakes of the caller and reject with
 *   RangeError.
 * - Every method may be called concurrently, by several processes that share the store.
 * - Failures are {@link StoreError}s. Only a blob that is not there is `missing_blob`.
 */
export interface BlobStore {
  /**
   * Stores the stream's bytes. Resolves with their number once both the bytes and the blob's entry in the store would
   * survive a power cut. The blob is visible whole or not at all; when the stream or the store fails, or the signal
   * aborts, {@link BlobStore.sweep} removes whatever is left, and the stream's `finally` has run.
   *
   * @throws StoreError `blob_exists`, `full`, `io`, `closed`; or whatever the stream or the signal rejected with.
   */
  write(blobId: string, stream: ByteStream, options?: { readonly signal?: AbortSignal }): Promise<number>;

  /**
   * The blob's length in bytes.
   *
   * @throws StoreError `missing_blob`, `io`, `closed`.
   */
  size(blobId: string): Promise<number>;

  /**
   * Opens a blob for reading, so that a delete meanwhile does not disturb the reader. The range must lie within the
   * blob; default: all of it. The stream must be read to its end or left by `return`, either of which releases the
   * blob.
   *
   * @throws StoreError `missing_blob`, `io`, `closed`; the stream rejects with `io`, also where the blob turns out to
   * be shorter than the range needs.
   */
  read(blobId: string, range?: ByteRange): Promise<ByteStream>;

  /** Removes a blob, durably. Removing one that is not there is allowed. */
  delete(blobId: string): Promise<void>;

  /** Ids of stored blobs after `after` (exclusive) in bytewise order, at most `limit`; fewer means no more. */
  list(options: { readonly after?: string; readonly limit: number }): Promise<readonly string[]>;

  /**
   * Takes a blob out of use, durably, and keeps its bytes: until it is restored it is neither listed nor read. `at`:
   * the time to remember, in milliseconds since the epoch; if the blob is put into quarantine several times, the latest
   * counts. After a crash in the middle, the blob is in its place, in quarantine, or in both, and the call may be
   * repeated. Allowed for a blob that is in quarantine already.
   *
   * @throws StoreError `missing_blob` if it is neither in its place nor in quarantine; `full`, `io`, `closed`.
   */
  quarantine(blobId: string, at: number): Promise<void>;

  /** Blobs in quarantine with ids after `after` (exclusive) in bytewise order, at most `limit`; fewer means no more. */
  listQuarantine(options: { readonly after?: string; readonly limit: number }): Promise<readonly QuarantinedBlob[]>;

  /**
   * Puts a blob in quarantine back into use, durably. Allowed for a blob that is in its place, which stays there.
   *
   * @throws StoreError `missing_blob` if it is neither in quarantine nor in its place; `full`, `io`, `closed`.
   */
  restore(blobId: string): Promise<void>;

  /**
   * Removes a blob from quarantine for good. Does nothing for a blob that is not in quarantine, even if it is in its
   * place.
   */
  purge(blobId: string): Promise<void>;

  /**
   * Removes what interrupted writes left behind. Returns how many leftovers it removed. Without `live`, whatever is
   * unfinished counts as a leftover: only called so while no write is under way.
   *
   * @throws StoreError `io`, `closed`; or whatever `live` rejected with.
   */
  sweep(options?: SweepOptions): Promise<number>;

  /** Refuses further calls. Streams that were opened before may be read to their end. Idempotent. */
  close(): Promise<void>;
}
