import { setTimeout as pause } from 'node:timers/promises';
import type { LimitCase } from '../limit-case.ts';

/** A server without load, with which the other cases are compared. */
export const nothing: LimitCase = {
  title: 'nothing else',
  disk: 2 ** 20,
  load: async () => {
    await pause(10_000);
    return '';
  },
};
