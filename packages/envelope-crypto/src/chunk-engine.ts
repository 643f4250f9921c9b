import { CHUNK_LENGTH, MAX_CHUNKS, TAG_LENGTH } from './blob-layout.ts';
import { EnvelopeError } from './envelope-error.ts';
import type { KeyEngine } from './key-engine.ts';

/** Bytes of the key of a blob's chunks. */
const keyLength = 32;
/** Bytes of a blob's base nonce. */
const nonceLength = 12;

/**
 * What seals and opens the chunks of blobs (`docs/format.md`, "Blobs"): AES-256-GCM, chunk by chunk. All engines write
 * the same bytes, so a blob that one sealed is opened by any other.
 */
export interface ChunkEngine {
  readonly name: 'typescript' | 'native';

  /** What does the same in the same way with single keys; absent where the engine has none but that in TypeScript. */
  readonly keys?: KeyEngine;

  /**
   * The way to seal and open the chunks of one blob. `key` (32 bytes) and `nonce` (12 bytes, the base nonce) are
   * copied; the caller wipes its own.
   *
   * @throws EnvelopeError `wrong_key` unless the key has 32 bytes; RangeError unless the nonce has 12.
   */
  chunksOf(key: Uint8Array, nonce: Uint8Array): ChunkWorker;
}

/**
 * Seals and opens runs of consecutive chunks of one blob.
 *
 * In a run all chunks but the last have CHUNK_LENGTH bytes of plaintext; the last has 0 to CHUNK_LENGTH. How many there
 * are is told by the two lengths: (sealed.length − plaintext.length) / TAG_LENGTH, at least one, so that an empty last
 * chunk can be sealed. The two arrays do not overlap, and are parts of plain memory: no SharedArrayBuffer, which
 * another thread could change between a check and a use, and no resizable buffer. What is refused for its lengths, its
 * place or its memory is refused with a RangeError or TypeError before anything is written.
 */
export interface ChunkWorker {
  /**
   * Seals the chunks from place `first` on, and writes ciphertext and tag of each into `sealed`. A place must not be
   * sealed twice with different bytes.
   *
   * @throws RangeError for lengths that no run has, overlapping arrays, and places beyond the format's limit; TypeError
   * for memory that is shared, resizable or detached; SecretError `secret_wiped` after `discard`.
   */
  seal(first: number, plaintext: Uint8Array, sealed: Uint8Array): void;

  /**
   * The opposite of `seal`. Writes nothing of a chunk into `plaintext` that could not be authenticated: all of
   * `plaintext` is zero from that chunk on, and the chunks before it are opened.
   *
   * @throws EnvelopeError `not_authentic`, naming the first chunk that is damaged or not in its place; otherwise as
   * `seal`.
   */
  open(first: number, sealed: Uint8Array, plaintext: Uint8Array): void;

  /**
   * `seal` on another thread; absent where the engine has none. Rejects where `seal` throws. Until the promise is
   * settled, the caller leaves both arrays and the buffers under them alone: neither reads nor writes them, and above
   * all does not transfer them elsewhere, which would free memory that is being written. `discard` does not stop it.
   */
  sealAside?(first: number, plaintext: Uint8Array, sealed: Uint8Array): Promise<void>;

  /** `open` on another thread, under the conditions of `sealAside`; the engine has both or neither. */
  openAside?(first: number, sealed: Uint8Array, plaintext: Uint8Array): Promise<void>;

  /** Wipes the key. Idempotent; later calls throw SecretError `secret_wiped`. */
  discard(): void;
}

/**
 * Refuses what no blob's chunks are sealed under; for those who write an engine.
 *
 * @throws as {@link ChunkEngine.chunksOf}.
 */
export function checkChunkKey(key: Uint8Array, nonce: Uint8Array): void {
  if (key.length !== keyLength)
    throw new EnvelopeError('wrong_key', `The key of chunks has ${keyLength} bytes, not ${key.length}`);
  if (nonce.length !== nonceLength)
    throw new RangeError(`The base nonce of chunks has ${nonceLength} bytes, not ${nonce.length}`);
}

/**
 * How many chunks the two sides of a run are; refuses what a {@link ChunkWorker} refuses for its lengths, places or
 * memory. For those who write an engine.
 *
 * @throws RangeError, TypeError as {@link ChunkWorker.seal}.
 */
export function checkChunkRun(first: number, plaintext: Uint8Array, sealed: Uint8Array): number {
  checkChunkMemory('plaintext', plaintext);
  checkChunkMemory('sealed', sealed);
  const count = countOf(plaintext.length, sealed.length);
  if (!Number.isInteger(first) || first < 0 || first > MAX_CHUNKS - count)
    throw new RangeError(`A blob has at most ${MAX_CHUNKS} chunks; there are no ${count} from place ${first} on`);
  if (overlap(plaintext, sealed)) throw new RangeError('plaintext and sealed overlap in memory');
  return count;
}

/** The refusal of the chunk at a place, in the same words from every engine; for those who write one. */
export function chunkNotAuthentic(place: number): EnvelopeError {
  return new EnvelopeError('not_authentic', `Chunk ${place} of the blob is damaged or not in its place`);
}

function countOf(plaintextLength: number, sealedLength: number): number {
  const count = (sealedLength - plaintextLength) / TAG_LENGTH;
  const last = plaintextLength - (count - 1) * CHUNK_LENGTH;
  if (!Number.isInteger(count) || count < 1 || last < 0 || last > CHUNK_LENGTH)
    throw new RangeError(`No run of chunks has ${plaintextLength} bytes of plaintext and ${sealedLength} sealed`);
  return count;
}

/**
 * Refuses memory that an engine does not take: another thread could change it between a check and a use, or its size.
 * `name` is what the refusal calls it. For those who write an engine.
 *
 * @throws TypeError for what is no Uint8Array, or is in memory that is shared, resizable or transferred elsewhere.
 */
export function checkChunkMemory(name: string, bytes: unknown): void {
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`${name} is not a Uint8Array`);
  const { buffer } = bytes;
  if (!(buffer instanceof ArrayBuffer)) throw new TypeError(`${name} is in shared memory`);
  if ((buffer as { readonly resizable?: boolean }).resizable === true)
    throw new TypeError(`${name} is in memory that can change its size`);
  if (bytes.length === 0 && isDetached(buffer)) throw new TypeError(`${name} is in memory that was transferred`);
}

/** Node 20 has no property that tells; there is no view of a buffer that was transferred elsewhere. */
function isDetached(buffer: ArrayBuffer): boolean {
  try {
    new Uint8Array(buffer, 0, 0);
    return false;
  } catch {
    return true;
  }
}

function overlap(one: Uint8Array, other: Uint8Array): boolean {
  return (
    one.buffer === other.buffer &&
    one.byteOffset < other.byteOffset + other.length &&
    other.byteOffset < one.byteOffset + one.length
  );
}
