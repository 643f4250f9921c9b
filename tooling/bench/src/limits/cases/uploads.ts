import { performance } from 'node:perf_hooks';
import type { LimitCase } from '../limit-case.ts';
import { tally, times } from '../tally.ts';
import { sha1OfBlocks, upload } from '../upload-client.ts';

const atOnce = 64;

/** Many large uploads at once, each of `size` bytes. */
export function uploads(size: number): LimitCase {
  return {
    title: `${atOnce} uploads of ${size / 2 ** 20} MiB, SSE-B2`,
    disk: atOnce * size * 1.01,
    load: async (server) => {
      const sha1 = sha1OfBlocks(size);
      const began = performance.now();
      const statuses = await times(atOnce, (i) => upload(server, `large-${i}`, size, sha1));
      const seconds = (performance.now() - began) / 1000;
      return `${tally(statuses)} in ${seconds.toFixed(0)} s, ${((atOnce * size) / 2 ** 20 / seconds).toFixed(0)} MiB/s`;
    },
  };
}
