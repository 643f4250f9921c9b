import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';

const chunkLength = 16_384;
const tagLength = 16;
const algorithm = 'aes-256-gcm';

/** AES-256-GCM in chunks, a cipher object for each, as any program on `node:crypto` has to do it. */
export class BareChunks {
  readonly #key: KeyObject = createSecretKey(randomBytes(32));

  /** Ciphertext and tag of each chunk. */
  async *seal(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    let index = 0;
    for await (const chunk of cut(body, chunkLength)) {
      const cipher = createCipheriv(algorithm, this.#key, nonceOf(index++));
      yield cipher.update(chunk);
      cipher.final();
      yield cipher.getAuthTag();
    }
  }

  /** The plaintext of each chunk. */
  async *open(stored: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    let index = 0;
    for await (const sealed of cut(stored, chunkLength + tagLength)) {
      const end = sealed.length - tagLength;
      const decipher = createDecipheriv(algorithm, this.#key, nonceOf(index++));
      decipher.setAuthTag(sealed.subarray(end));
      const plaintext = decipher.update(sealed.subarray(0, end));
      decipher.final();
      yield plaintext;
    }
  }
}

function nonceOf(index: number): Uint8Array {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(index, 8);
  return nonce;
}

/** The bytes in pieces of `length`, the last of which may be shorter. */
async function* cut(body: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Uint8Array, void> {
  let held: Uint8Array = new Uint8Array();
  for await (const piece of body) {
    let rest = held.length === 0 ? piece : Buffer.concat([held, piece]);
    for (; rest.length >= length; rest = rest.subarray(length)) yield rest.subarray(0, length);
    held = rest;
  }
  if (held.length > 0) yield held;
}
