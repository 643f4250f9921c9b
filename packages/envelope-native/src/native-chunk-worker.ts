import { SecretError } from '@coffer/bytes';
import { checkChunkKey, checkChunkRun, chunkNotAuthentic, type ChunkWorker } from '@coffer/envelope-crypto';
import type { NativeBinding } from './native-binding.ts';

/**
 * Hands runs of chunks to the native library, which gets key and base nonce with each call and keeps neither.
 * Everything that makes a run wrong is found here, in the words that all engines have.
 */
export class NativeChunkWorker implements ChunkWorker {
  readonly #binding: NativeBinding;
  readonly #key: Uint8Array;
  readonly #nonce: Uint8Array;
  #discarded = false;

  constructor(binding: NativeBinding, key: Uint8Array, nonce: Uint8Array) {
    checkChunkKey(key, nonce);
    this.#binding = binding;
    this.#key = unmovedCopyOf(key);
    this.#nonce = unmovedCopyOf(nonce);
  }

  seal(first: number, plaintext: Uint8Array, sealed: Uint8Array): void {
    this.#check(first, plaintext, sealed);
    this.#binding.seal(this.#key, this.#nonce, first, plaintext, sealed);
  }

  open(first: number, sealed: Uint8Array, plaintext: Uint8Array): void {
    this.#check(first, plaintext, sealed);
    requireAuthentic(this.#binding.open(this.#key, this.#nonce, first, sealed, plaintext));
  }

  async sealAside(first: number, plaintext: Uint8Array, sealed: Uint8Array): Promise<void> {
    this.#check(first, plaintext, sealed);
    const lengths = [plaintext.length, sealed.length];
    await this.#binding.sealAside(this.#key, this.#nonce, first, plaintext, sealed);
    requireUntouched(lengths, plaintext, sealed);
  }

  async openAside(first: number, sealed: Uint8Array, plaintext: Uint8Array): Promise<void> {
    this.#check(first, plaintext, sealed);
    const lengths = [plaintext.length, sealed.length];
    const damaged = await this.#binding.openAside(this.#key, this.#nonce, first, sealed, plaintext);
    requireUntouched(lengths, plaintext, sealed);
    requireAuthentic(damaged);
  }

  discard(): void {
    this.#key.fill(0);
    this.#nonce.fill(0);
    this.#discarded = true;
  }

  #check(first: number, plaintext: Uint8Array, sealed: Uint8Array): void {
    if (this.#discarded)
      throw new SecretError('secret_wiped', 'The key of the chunks was wiped and can no longer be used');
    checkChunkRun(first, plaintext, sealed);
  }
}

function requireAuthentic(damaged: number): void {
  if (damaged !== -1) throw chunkNotAuthentic(damaged);
}

/** A caller who transfers memory that is being worked on loses what came of it; this tells, but cannot prevent it. */
function requireUntouched(lengths: readonly (number | undefined)[], plaintext: Uint8Array, sealed: Uint8Array): void {
  if (plaintext.length !== lengths[0] || sealed.length !== lengths[1])
    throw new TypeError('plaintext or sealed was transferred elsewhere while it was worked on');
}

/** A copy that the JavaScript engine never moves, which would leave another copy behind. */
function unmovedCopyOf(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new ArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}
