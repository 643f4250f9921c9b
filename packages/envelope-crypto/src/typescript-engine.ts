import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { SecretError } from '@coffer/bytes';
import { CHUNK_LENGTH, SEALED_CHUNK_LENGTH, TAG_LENGTH } from './blob-layout.ts';
import { checkChunkKey, checkChunkRun, chunkNotAuthentic, type ChunkEngine, type ChunkWorker } from './chunk-engine.ts';
import { releaseMemory } from './release-memory.ts';

const algorithm = 'aes-256-gcm';
const options = { authTagLength: TAG_LENGTH };

/**
 * The engine over `node:crypto`, which runs everywhere: one cipher object per chunk. What other engines are compared
 * with.
 */
export const typescriptEngine: ChunkEngine = {
  name: 'typescript',
  chunksOf(key, nonce) {
    checkChunkKey(key, nonce);
    return new NodeChunkWorker(key, nonce);
  },
};

class NodeChunkWorker implements ChunkWorker {
  /** The base nonce, or that of the chunk at hand: made in place. */
  readonly #nonce: DataView;
  /** Bytes 4 to 7 and 8 to 11 of the base nonce; no place reaches the first four. */
  #nonceHigh: number;
  #nonceLow: number;
  #key: KeyObject | undefined;

  constructor(key: Uint8Array, nonce: Uint8Array) {
    this.#key = createSecretKey(key);
    this.#nonce = new DataView(Uint8Array.from(nonce).buffer);
    this.#nonceHigh = this.#nonce.getUint32(4);
    this.#nonceLow = this.#nonce.getUint32(8);
  }

  seal(first: number, plaintext: Uint8Array, sealed: Uint8Array): void {
    const key = this.#liveKey();
    const count = checkChunkRun(first, plaintext, sealed);
    const outputs: Uint8Array[] = [];
    for (let i = 0, to = 0; i < count; i++) {
      const chunk = plaintext.subarray(i * CHUNK_LENGTH, (i + 1) * CHUNK_LENGTH);
      const cipher = createCipheriv(algorithm, key, this.#nonceAt(first + i), options);
      const output = cipher.update(chunk);
      outputs.push(output);
      sealed.set(output, to);
      cipher.final();
      sealed.set(cipher.getAuthTag(), to + chunk.length);
      to += chunk.length + TAG_LENGTH;
    }
    releaseMemory(outputs);
  }

  open(first: number, sealed: Uint8Array, plaintext: Uint8Array): void {
    const key = this.#liveKey();
    const count = checkChunkRun(first, plaintext, sealed);
    const outputs: Uint8Array[] = [];
    for (let i = 0; i < count; i++) {
      const chunk = sealed.subarray(i * SEALED_CHUNK_LENGTH, (i + 1) * SEALED_CHUNK_LENGTH);
      const opened = openedChunk(key, this.#nonceAt(first + i), chunk);
      if (opened === undefined) {
        plaintext.fill(0, i * CHUNK_LENGTH);
        throw chunkNotAuthentic(first + i);
      }
      outputs.push(opened);
      plaintext.set(opened, i * CHUNK_LENGTH);
    }
    releaseMemory(outputs);
  }

  discard(): void {
    for (let offset = 0; offset < this.#nonce.byteLength; offset += 4) this.#nonce.setUint32(offset, 0);
    this.#nonceHigh = 0;
    this.#nonceLow = 0;
    this.#key = undefined;
  }

  /**
   * The base nonce with the place XORed in as a big-endian integer. Valid until the next is asked for: ciphers copy it.
   * No place beyond the format's limit comes here, where nonces would come round again.
   */
  #nonceAt(index: number): DataView {
    this.#nonce.setUint32(4, this.#nonceHigh ^ Math.floor(index / 2 ** 32));
    this.#nonce.setUint32(8, this.#nonceLow ^ (index >>> 0));
    return this.#nonce;
  }

  #liveKey(): KeyObject {
    if (this.#key === undefined)
      throw new SecretError('secret_wiped', 'The key of the chunks was wiped and can no longer be used');
    return this.#key;
  }
}

/** The plaintext of a sealed chunk; undefined if it is not authentic, and then nothing of it is left in memory. */
function openedChunk(key: KeyObject, nonce: DataView, sealed: Uint8Array): Uint8Array | undefined {
  const end = sealed.length - TAG_LENGTH;
  const decipher = createDecipheriv(algorithm, key, nonce, options);
  decipher.setAuthTag(sealed.subarray(end));
  const plaintext = decipher.update(sealed.subarray(0, end));
  try {
    decipher.final();
    return plaintext;
  } catch {
    plaintext.fill(0);
    return undefined;
  }
}
