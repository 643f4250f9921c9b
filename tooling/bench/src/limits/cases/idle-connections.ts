import { performance } from 'node:perf_hooks';
import type { LimitCase } from '../limit-case.ts';
import { RawConnection } from '../raw-connection.ts';
import { tally, times } from '../tally.ts';

const atOnce = 2_000;

/** Connections that never send a byte, until the server has closed them. */
export const idleConnections: LimitCase = {
  title: `${atOnce} connections that send nothing`,
  disk: 2 ** 20,
  load: async ({ account }) => {
    const began = performance.now();
    const connections = await times(atOnce, () => RawConnection.open(account.url));
    const statuses = await times(atOnce, async (i) => {
      const status = await connections[i]?.status();
      await connections[i]?.closed;
      return status ?? 0;
    });
    return `${tally(statuses)}, all closed after ${((performance.now() - began) / 1000).toFixed(0)} s`;
  },
};
