import { performance } from 'node:perf_hooks';
import type { LimitCase } from '../limit-case.ts';
import { tally, times } from '../tally.ts';
import { beginUpload, sendBlocks } from '../upload-client.ts';

const atOnce = 200;
const declared = 2 ** 30;
const sent = 2 ** 20;

/** Uploads of 1 GiB whose senders stop after 1 MiB, until the server closes their connections. */
export const stalledUploads: LimitCase = {
  title: `${atOnce} uploads that stall after 1 MiB`,
  disk: atOnce * sent * 2,
  load: async (server) => {
    const began = performance.now();
    const statuses = await times(atOnce, (i) =>
      server.targets.use(async (target) => {
        const connection = await beginUpload(server, target, `stalled-${i}`, declared, 'do_not_verify');
        await sendBlocks(connection, sent);
        const status = await connection.status();
        await connection.closed;
        return status;
      }),
    );
    return `${tally(statuses)}, all closed after ${((performance.now() - began) / 1000).toFixed(0)} s`;
  },
};
