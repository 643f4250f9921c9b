import { createHash } from 'node:crypto';
import type { DigestEngine, RunningDigests } from '../src/services/digest-engine.ts';

/**
 * Digests that read what they are given aside only some turns later, as another thread may, so that memory that is used
 * again too early is found out by a wrong digest; and that refuse calls out of order.
 */
export class LateDigests implements DigestEngine {
  readonly aside: number;
  /** Pieces taken aside so far, at work now, and at most at once. */
  readonly seen = { aside: 0, now: 0, most: 0, begun: 0 };
  /** The piece, from 1, that fails aside. */
  readonly #failing: number | undefined;

  constructor(aside = 1, failing?: number) {
    this.aside = aside;
    this.#failing = failing;
  }

  digestsOf({ sha1, md5 }: { readonly sha1: boolean; readonly md5: boolean }): RunningDigests {
    const hashes = [...(sha1 ? ['sha1'] : []), ...(md5 ? ['md5'] : [])].map((name) => createHash(name));
    const { seen } = this;
    let busy = false;
    const requireIdle = () => {
      if (busy) throw new TypeError('The digests are still at work on the bytes before');
    };
    const update = (bytes: Uint8Array) => {
      requireIdle();
      for (const one of hashes) one.update(bytes);
    };
    seen.begun++;
    return {
      update,
      updateAside: async (bytes) => {
        requireIdle();
        const fails = ++seen.aside === this.#failing;
        seen.most = Math.max(seen.most, ++seen.now);
        busy = true;
        for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
        busy = false;
        seen.now--;
        if (fails) throw new TypeError('bytes was transferred elsewhere while it was read');
        update(bytes);
      },
      finish: () => {
        requireIdle();
        const done = hashes.map((one) => new Uint8Array(one.digest()));
        return { sha1: sha1 ? (done[0] ?? null) : null, md5: md5 ? (done.at(-1) ?? null) : null };
      },
    };
  }
}
