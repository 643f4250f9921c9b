import { concatBytes, constantTimeEqual, type SecretBytes } from '@coffer/bytes';
import {
  CHUNK_LENGTH,
  COMMITMENT_LENGTH,
  HEADER_LENGTH,
  SALT_LENGTH,
  SEALED_CHUNK_LENGTH,
  TAG_LENGTH,
  commitmentIn,
} from './blob-layout.ts';
import type { ChunkEngine, ChunkWorker } from './chunk-engine.ts';
import { EnvelopeError } from './envelope-error.ts';
import { hkdfExpandSha512 } from './hkdf-expand.ts';
import { ascii } from './labelled-context.ts';
import { typescriptEngine } from './typescript-engine.ts';

const keyLength = 32;
const nonceLength = 12;
const infoPrefix = ascii('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0');

/** Seals and opens runs of the chunks of one blob; knows nothing of streams. */
export class ChunkCipher {
  /** The salt and commitment that the blob starts with. */
  readonly header: Uint8Array;
  readonly #worker: ChunkWorker;

  /**
   * Derives the blob's keys. `fileKey` is needed only during the call.
   *
   * @throws EnvelopeError `wrong_key` unless the file key has 32 bytes.
   */
  constructor(fileKey: SecretBytes, salt: Uint8Array, context: Uint8Array, engine: ChunkEngine = typescriptEngine) {
    if (fileKey.length !== keyLength)
      throw new EnvelopeError('wrong_key', `A file key has ${keyLength} bytes, not ${fileKey.length}`);
    if (salt.length !== SALT_LENGTH) throw new RangeError(`A salt has ${SALT_LENGTH} bytes, not ${salt.length}`);
    const info = concatBytes([infoPrefix, salt, context]);
    const length = keyLength + nonceLength + COMMITMENT_LENGTH;
    const okm = fileKey.expose((bytes) => derive(engine, bytes, info, length));
    this.#worker = engine.chunksOf(okm.subarray(0, keyLength), okm.subarray(keyLength, keyLength + nonceLength));
    this.header = concatBytes([salt, okm.subarray(keyLength + nonceLength)]);
    okm.fill(0);
  }

  /** What the blob commits to; no two blobs have the same. */
  get commitment(): Uint8Array {
    return commitmentIn(this.header);
  }

  /**
   * Seals the run of chunks that begins at place `first`: full ones, the last of which may be short or empty if there
   * is one chunk more than full ones. `sealed` has room for them and their tags. A place must not be sealed twice.
   *
   * @throws RangeError for a place beyond the format's limit; SecretError `secret_wiped` after `discard`.
   */
  seal(first: number, plaintext: Uint8Array, sealed: Uint8Array): void {
    this.#worker.seal(first, plaintext, sealed);
  }

  /**
   * Opens the run of sealed chunks that begins at place `first` into `plaintext`.
   *
   * @throws EnvelopeError `not_authentic` if one is not that chunk, unchanged; nothing of it or of those behind it is
   * in `plaintext` then. Otherwise as `seal`.
   */
  open(first: number, sealed: Uint8Array, plaintext: Uint8Array): void {
    this.#worker.open(first, sealed, plaintext);
  }

  /** Wipes what can be wiped and lets go of the key. Idempotent; the cipher is of no use afterwards. */
  discard(): void {
    this.#worker.discard();
  }
}

/**
 * The cipher of the blob that starts with `header`, if that is the one with this `commitment` (null: whichever it
 * is).
 *
 * @throws EnvelopeError `not_authentic` if the header is cut short, is another blob's or does not commit to this key
 * and context; `wrong_key` unless the file key has 32 bytes.
 */
export function cipherForHeader(
  header: Uint8Array,
  fileKey: SecretBytes,
  context: Uint8Array,
  commitment: Uint8Array | null,
  engine?: ChunkEngine,
): ChunkCipher {
  if (header.length !== HEADER_LENGTH)
    throw new EnvelopeError('not_authentic', `A blob's header has ${HEADER_LENGTH} bytes, not ${header.length}`);
  if (commitment !== null) requireCommitment(header, commitment);
  const cipher = new ChunkCipher(fileKey, header.subarray(0, SALT_LENGTH), context, engine);
  if (constantTimeEqual(cipher.header, header)) return cipher;
  cipher.discard();
  throw new EnvelopeError('not_authentic', 'The blob belongs to another file, part or key, or its header is damaged');
}

/**
 * Plaintext bytes of a run of sealed chunks at place `first`: full ones, and a last one that may be short.
 *
 * @throws EnvelopeError `not_authentic` where the last is too short for any chunk.
 */
export function openedLength(first: number, sealedLength: number): number {
  const full = Math.floor(sealedLength / SEALED_CHUNK_LENGTH);
  const last = sealedLength - full * SEALED_CHUNK_LENGTH;
  if (last === 0 && full > 0) return full * CHUNK_LENGTH;
  if (last < TAG_LENGTH) throw new EnvelopeError('not_authentic', `The blob is cut off in chunk ${first + full}`);
  return full * CHUNK_LENGTH + last - TAG_LENGTH;
}

function derive({ keys }: ChunkEngine, fileKey: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  if (keys === undefined) return hkdfExpandSha512(fileKey, info, length);
  const okm = new Uint8Array(new ArrayBuffer(length));
  keys.expand(fileKey, info, okm);
  return okm;
}

function requireCommitment(header: Uint8Array, commitment: Uint8Array): void {
  if (!constantTimeEqual(commitmentIn(header), commitment))
    throw new EnvelopeError('not_authentic', 'The blob is not the one that its record names');
}
