import { createHash, type Hash } from 'node:crypto';
import type { DigestEngine, DigestsWanted, FinishedDigests, RunningDigests } from '../services/digest-engine.ts';

/** Bytes of a stream from which on it is digested aside; for shorter ones, `node:crypto` is the fastest. */
const largeStream = 256 * 1024;
/** Bytes of a piece that is worth being handed to another thread, which costs as much as digesting some 8 KiB. */
const largePiece = 32 * 1024;

/** Digests of one stream, which may be at work on another thread. */
export interface StreamDigests {
  /**
   * Takes the next bytes. Returns undefined if it is done with them; otherwise a promise. Until it has settled, the
   * bytes must stay as they are, and nothing else may be called.
   */
  update(bytes: Uint8Array): Promise<void> | undefined;
  /** To be called once. */
  finish(): FinishedDigests;
}

/** Makes the digests of all streams of this process, and shares out the threads among them. */
export class Digests {
  readonly #engine: DigestEngine | undefined;
  /** How many pieces are being digested on other threads. */
  #aside = 0;

  /** Without an engine, everything is digested by `node:crypto`, in the thread that calls. */
  constructor(engine?: DigestEngine) {
    this.#engine = engine;
  }

  /** `length`: bytes of the stream; Infinity if nobody knows. */
  of(wanted: DigestsWanted, length: number): StreamDigests {
    if (this.#engine === undefined || this.#engine.aside <= 0 || length < largeStream) return new NodeDigests(wanted);
    const running = this.#engine.digestsOf(wanted);
    return { update: (bytes) => this.#update(running, bytes), finish: () => running.finish() };
  }

  #update(running: RunningDigests, bytes: Uint8Array): Promise<void> | undefined {
    if (bytes.length >= largePiece && this.#aside < (this.#engine?.aside ?? 0))
      return this.#updateAside(running, bytes);
    // With all threads at work, digesting here is sooner done than waiting for one of them.
    running.update(bytes);
    return undefined;
  }

  async #updateAside(running: RunningDigests, bytes: Uint8Array): Promise<void> {
    this.#aside++;
    try {
      await running.updateAside(bytes);
    } finally {
      this.#aside--;
    }
  }
}

class NodeDigests implements StreamDigests {
  readonly #sha1: Hash | null;
  readonly #md5: Hash | null;

  constructor({ sha1, md5 }: DigestsWanted) {
    this.#sha1 = sha1 ? createHash('sha1') : null;
    this.#md5 = md5 ? createHash('md5') : null;
  }

  update(bytes: Uint8Array): undefined {
    this.#sha1?.update(bytes);
    this.#md5?.update(bytes);
  }

  finish(): FinishedDigests {
    return { sha1: this.#sha1?.digest() ?? null, md5: this.#md5?.digest() ?? null };
  }
}
