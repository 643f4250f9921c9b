import { checkChunkMemory } from '@coffer/envelope-crypto';
import type { BoundDigests, NativeBinding } from './native-binding.ts';

/** Which digests are made. */
export interface DigestsWanted {
  readonly sha1?: boolean;
  readonly md5?: boolean;
}

/** What came of it; null: not asked for. */
export interface Digests {
  /** 20 bytes. */
  readonly sha1: Uint8Array | null;
  /** 16 bytes. */
  readonly md5: Uint8Array | null;
}

/**
 * SHA-1 and MD5 of one stream. One call at a time: while `updateAside` is at work, every other call is refused, since
 * what it brings would be out of order.
 */
export interface RunningDigests {
  /**
   * Takes the next bytes here.
   *
   * @throws TypeError while `updateAside` is at work, after `finish`, and for memory that is shared, resizable or
   * transferred.
   */
  update(bytes: Uint8Array): void;
  /**
   * Takes the next bytes on another thread. Rejects where `update` throws. Until the promise is settled, the bytes are
   * read: leave them as they are, and do not transfer them elsewhere.
   */
  updateAside(bytes: Uint8Array): Promise<void>;
  /**
   * The digests; nothing can be added afterwards.
   *
   * @throws TypeError while `updateAside` is at work, and after `finish`.
   */
  finish(): Digests;
}

const sha1Length = 20;

/** The digests of the native library. */
export class NativeDigests implements RunningDigests {
  readonly #bound: BoundDigests;
  readonly #wanted: DigestsWanted;
  #state: 'idle' | 'busy' | 'finished' = 'idle';

  constructor(binding: NativeBinding, wanted: DigestsWanted) {
    this.#wanted = wanted;
    this.#bound = new binding.Digests(wanted.sha1 === true, wanted.md5 === true);
  }

  update(bytes: Uint8Array): void {
    this.#requireIdle();
    checkChunkMemory('bytes', bytes);
    this.#bound.update(bytes);
  }

  async updateAside(bytes: Uint8Array): Promise<void> {
    this.#requireIdle();
    checkChunkMemory('bytes', bytes);
    const { length } = bytes;
    this.#state = 'busy';
    try {
      await this.#bound.updateAside(bytes);
    } finally {
      this.#state = 'idle';
    }
    if (bytes.length !== length) throw new TypeError('bytes was transferred elsewhere while it was read');
  }

  finish(): Digests {
    this.#requireIdle();
    this.#state = 'finished';
    const both = this.#bound.finish();
    const sha1 = this.#wanted.sha1 === true ? both.slice(0, sha1Length) : null;
    const md5 = this.#wanted.md5 === true ? both.slice(sha1 === null ? 0 : sha1Length) : null;
    return { sha1, md5 };
  }

  #requireIdle(): void {
    if (this.#state === 'busy') throw new TypeError('The digests are still at work on the bytes before');
    if (this.#state === 'finished') throw new TypeError('The digests are finished');
  }
}
