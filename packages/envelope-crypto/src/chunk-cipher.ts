import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { concatBytes, constantTimeEqual, SecretError, type SecretBytes } from '@coffer/bytes';
import { COMMITMENT_LENGTH, HEADER_LENGTH, MAX_CHUNKS, SALT_LENGTH, TAG_LENGTH, commitmentIn } from './blob-layout.ts';
import { EnvelopeError } from './envelope-error.ts';
import { hkdfExpandSha512 } from './hkdf-expand.ts';
import { ascii } from './labelled-context.ts';

const keyLength = 32;
const nonceLength = 12;
const algorithm = 'aes-256-gcm';
const options = { authTagLength: TAG_LENGTH };
const infoPrefix = ascii('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0');

/** Seals and opens the chunks of one blob; knows nothing of streams. */
export class ChunkCipher {
  /** The salt and commitment that the blob starts with. */
  readonly header: Uint8Array;
  /** The base nonce, or that of the chunk at hand: made in place. */
  readonly #nonce: DataView;
  /** Bytes 4 to 7 and 8 to 11 of the base nonce; no place reaches the first four. */
  #nonceHigh: number;
  #nonceLow: number;
  #key: KeyObject | undefined;

  /**
   * Derives the blob's keys. `fileKey` is needed only during the call.
   *
   * @throws EnvelopeError `wrong_key` unless the file key has 32 bytes.
   */
  constructor(fileKey: SecretBytes, salt: Uint8Array, context: Uint8Array) {
    if (fileKey.length !== keyLength)
      throw new EnvelopeError('wrong_key', `A file key has ${keyLength} bytes, not ${fileKey.length}`);
    if (salt.length !== SALT_LENGTH) throw new RangeError(`A salt has ${SALT_LENGTH} bytes, not ${salt.length}`);
    const info = concatBytes([infoPrefix, salt, context]);
    const length = keyLength + nonceLength + COMMITMENT_LENGTH;
    const okm = fileKey.expose((bytes) => hkdfExpandSha512(bytes, info, length));
    this.#key = createSecretKey(okm.subarray(0, keyLength));
    this.#nonce = new DataView(okm.slice(keyLength, keyLength + nonceLength).buffer);
    this.#nonceHigh = this.#nonce.getUint32(4);
    this.#nonceLow = this.#nonce.getUint32(8);
    this.header = concatBytes([salt, okm.subarray(keyLength + nonceLength)]);
    okm.fill(0);
  }

  /**
   * The cipher of the blob that starts with `header`, if that is the one with this `commitment` (null: whichever it
   * is).
   *
   * @throws EnvelopeError `not_authentic` if the header is cut short, is another blob's or does not commit to this key
   * and context; `wrong_key` unless the file key has 32 bytes.
   */
  static forHeader(
    header: Uint8Array,
    fileKey: SecretBytes,
    context: Uint8Array,
    commitment: Uint8Array | null,
  ): ChunkCipher {
    if (header.length !== HEADER_LENGTH)
      throw new EnvelopeError('not_authentic', `A blob's header has ${HEADER_LENGTH} bytes, not ${header.length}`);
    if (commitment !== null) requireCommitment(header, commitment);
    const cipher = new ChunkCipher(fileKey, header.subarray(0, SALT_LENGTH), context);
    if (constantTimeEqual(cipher.header, header)) return cipher;
    cipher.discard();
    throw new EnvelopeError('not_authentic', 'The blob belongs to another file, part or key, or its header is damaged');
  }

  /** What the blob commits to; no two blobs have the same. */
  get commitment(): Uint8Array {
    return commitmentIn(this.header);
  }

  /**
   * The chunk at place `index`, sealed, as ciphertext and tag. A place must not be sealed twice.
   *
   * @throws RangeError for a place beyond the format's limit.
   */
  seal(index: number, plaintext: Uint8Array): readonly [ciphertext: Uint8Array, tag: Uint8Array] {
    const cipher = createCipheriv(algorithm, this.#liveKey(), this.#nonceAt(index), options);
    const ciphertext = cipher.update(plaintext);
    cipher.final();
    return [plainArray(ciphertext), plainArray(cipher.getAuthTag())];
  }

  /**
   * The plaintext of the sealed chunk at place `index`.
   *
   * @throws EnvelopeError `not_authentic` if it is not that chunk, unchanged.
   */
  open(index: number, sealed: Uint8Array): Uint8Array {
    const end = sealed.length - TAG_LENGTH;
    if (end < 0) throw new EnvelopeError('not_authentic', `The blob is cut off in chunk ${index}`);
    const decipher = createDecipheriv(algorithm, this.#liveKey(), this.#nonceAt(index), options);
    decipher.setAuthTag(sealed.subarray(end));
    const plaintext = decipher.update(sealed.subarray(0, end));
    try {
      decipher.final();
    } catch {
      plaintext.fill(0);
      throw new EnvelopeError('not_authentic', `Chunk ${index} of the blob is damaged or not in its place`);
    }
    return plainArray(plaintext);
  }

  /** Wipes what can be wiped and lets go of the key. Idempotent; the cipher is of no use afterwards. */
  discard(): void {
    for (let offset = 0; offset < nonceLength; offset += 4) this.#nonce.setUint32(offset, 0);
    this.#nonceHigh = 0;
    this.#nonceLow = 0;
    this.#key = undefined;
  }

  /**
   * The base nonce with the place XORed in as a big-endian integer. Valid until the next is asked for: ciphers copy it.
   *
   * @throws RangeError for a place beyond the format's limit, where nonces would come round again.
   */
  #nonceAt(index: number): DataView {
    if (!Number.isInteger(index) || index < 0 || index >= MAX_CHUNKS)
      throw new RangeError(`A blob has at most ${MAX_CHUNKS} chunks; there is no place ${index}`);
    this.#nonce.setUint32(4, this.#nonceHigh ^ Math.floor(index / 2 ** 32));
    this.#nonce.setUint32(8, this.#nonceLow ^ (index >>> 0));
    return this.#nonce;
  }

  #liveKey(): KeyObject {
    if (this.#key === undefined)
      throw new SecretError('secret_wiped', 'The cipher was discarded and can no longer be used');
    return this.#key;
  }
}

function requireCommitment(header: Uint8Array, commitment: Uint8Array): void {
  if (!constantTimeEqual(commitmentIn(header), commitment))
    throw new EnvelopeError('not_authentic', 'The blob is not the one that its record names');
}

/** Not a Buffer, whose `slice` shares memory where a Uint8Array's copies. */
function plainArray({ buffer, byteOffset, length }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}
