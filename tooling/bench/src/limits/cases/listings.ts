import { performance } from 'node:perf_hooks';
import { call } from '../../server/coffer-account.ts';
import type { LimitCase, LoadedServer } from '../limit-case.ts';
import { tally, times, workers } from '../tally.ts';

const rows = 10_000;
const readers = 16;
const pagesEach = 4;
const uploadsAtOnce = 32;

/** Pages of 10,000 rows, for many readers at once. */
export const listings: LimitCase = {
  title: `${readers} readers of ${rows}-row listings`,
  disk: 2 ** 30,
  prepare: fill,
  load: async ({ account, bucketId }) => {
    const began = performance.now();
    const lengths: number[] = [];
    await times(readers, async () => {
      for (let page = 0; page < pagesEach; page++) {
        const answer = await call(account, 'b2_list_file_names', { bucketId, maxFileCount: rows });
        lengths.push((answer['files'] as readonly unknown[]).length);
      }
    });
    const seconds = (performance.now() - began) / 1000;
    return `${tally(lengths)} rows, ${(lengths.length / seconds).toFixed(1)} pages/s`;
  },
};

async function fill({ account, targets }: LoadedServer): Promise<void> {
  await workers(uploadsAtOnce, rows, (i) =>
    targets.use(async (target) => {
      const headers = {
        Authorization: target.token,
        'X-Bz-File-Name': `holiday/pictures/${String(i).padStart(6, '0')}.jpg`,
        'Content-Type': 'image/jpeg',
        'X-Bz-Content-Sha1': 'do_not_verify',
        'X-Bz-Server-Side-Encryption': 'AES256',
      };
      const answer = await fetch(`${account.url}${target.path}`, { method: 'POST', headers, body: 'x' });
      if (!answer.ok) throw new Error(`An upload was answered with ${answer.status}`);
      await answer.arrayBuffer();
    }),
  );
}
