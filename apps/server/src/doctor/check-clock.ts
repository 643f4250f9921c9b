import type { Storage } from '@coffer/storage-core';
import { clockDoubtText, clockRemedy } from '../server/clock-doubt.ts';
import { ok, problem, type Finding } from './finding.ts';

/** Checks whether the clock is doubted. Changes nothing. */
export async function checkClock({ clock }: Pick<Storage, 'clock'>): Promise<Finding> {
  const reason = clockDoubtText(await clock.judge());
  if (reason === undefined) return ok('Nothing speaks against the clock.');
  return problem(
    reason,
    `${clockRemedy} While it is doubted, no lifecycle rule is applied and no retention ends by it.`,
  );
}
