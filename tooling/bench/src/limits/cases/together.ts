import type { LimitCase } from '../limit-case.ts';
import { ways } from '../way.ts';
import { fill, readListings } from './listings.ts';
import { stall } from './stalled-uploads.ts';

/** Stalled uploads and readers of long listings at the same time, through both APIs, with encryption and without. */
export const together: LimitCase = {
  title: '200 uploads that stall, beside 16 readers of 10000 rows',
  disk: 2 ** 30,
  prepare: (server) => fill(server, ['SSE-B2', 'none']),
  load: async (server) => {
    const state = { stalled: true };
    const [uploads, read] = await Promise.all([
      stall(server, ways).finally(() => {
        state.stalled = false;
      }),
      readListings(server, ways, () => state.stalled),
    ]);
    return `${uploads}; ${read}`;
  },
};
