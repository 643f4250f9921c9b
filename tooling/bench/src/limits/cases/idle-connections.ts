import { performance } from 'node:perf_hooks';
import type { LimitCase } from '../limit-case.ts';
import { RawConnection } from '../raw-connection.ts';
import { tally, workers } from '../tally.ts';

const atOnce = 2_000;
/**
 * If more were opened at once, the system would drop some before the server has seen them, without telling the client.
 */
const openedAtOnce = 64;

/** Connections that never send a byte, until the server has closed them. */
export const idleConnections: LimitCase = {
  title: `${atOnce} connections that send nothing`,
  disk: 2 ** 20,
  load: async ({ account }) => {
    const began = performance.now();
    const connections: RawConnection[] = [];
    await workers(openedAtOnce, atOnce, async () => {
      connections.push(await RawConnection.open(account.url));
    });
    const answered = connections.map(async (connection) => {
      const status = await connection.status();
      await connection.closed;
      return status;
    });
    const statuses = await Promise.all(answered);
    return `${tally(statuses)}, all closed after ${((performance.now() - began) / 1000).toFixed(0)} s`;
  },
};
