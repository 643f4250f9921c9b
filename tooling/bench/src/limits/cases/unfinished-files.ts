import { performance } from 'node:perf_hooks';
import { call } from '../../server/coffer-account.ts';
import type { LimitCase, LoadedServer } from '../limit-case.ts';
import { workers } from '../tally.ts';

const files = 5_000;
const startsAtOnce = 32;

/** Large files that are started and never finished. */
export const unfinishedFiles: LimitCase = {
  title: `${files} large files started`,
  disk: 2 ** 30,
  load: async ({ account, bucketId }) => {
    const began = performance.now();
    await workers(startsAtOnce, files, async (i) => {
      const fileName = `backup/volume-${i}`;
      const serverSideEncryption = { mode: 'SSE-B2', algorithm: 'AES256' };
      const contentType = 'application/octet-stream';
      await call(account, 'b2_start_large_file', { bucketId, fileName, contentType, serverSideEncryption });
    });
    return `${(files / ((performance.now() - began) / 1000)).toFixed(0)} starts/s`;
  },
  after: async (server) => {
    const pages = await listAll(server);
    const ready = await server.restart();
    return (
      `all listed in ${pages.count} pages, ${pages.mean.toFixed(1)} ms each; a start with them takes ` +
      `${ready.toFixed(0)} ms`
    );
  },
};

async function listAll({
  account,
  bucketId,
}: LoadedServer): Promise<{ readonly count: number; readonly mean: number }> {
  const began = performance.now();
  let count = 0;
  for (let start: object | undefined = {}; start !== undefined; count++) {
    const page = await call(account, 'b2_list_unfinished_large_files', { bucketId, maxFileCount: 100, ...start });
    start = typeof page['nextFileId'] === 'string' ? { startFileId: page['nextFileId'] } : undefined;
  }
  return { count, mean: (performance.now() - began) / count };
}
