import { keys, type Clock, type ClockMark } from '@coffer/storage-ports';
import type { ClockDoubt, ClockJudgement } from '../services/clock-service.ts';
import type { Core } from './core.ts';
import { failures } from './failures.ts';

const minute = 60_000;
const day = 86_400_000;
/**
 * A correction of the clock by less is no reason for doubt. So the end of a lock can be wrong by this much, but not by
 * more.
 */
const tolerance = 5 * minute;
/**
 * An additional tolerance, as a share of the time that passed: a clock that runs too fast or too slow is set right
 * again and again.
 */
const toleratedDrift = 0.001;
/**
 * How far the clock may be ahead of the last recorded time. After a longer stop of the server, the operator has to
 * confirm the clock: the battery of the machine's clock may have failed.
 */
const farthestAhead = 30 * day;

/** Judges the clock by the store's mark. Without a mark, nothing speaks against the clock. */
export function judgeBy(mark: ClockMark | undefined, clock: Clock): ClockJudgement {
  const now = clock.now();
  if (mark === undefined) return { now, doubt: null, certain: now, presumed: now, seen: null };
  const { seen } = mark;
  const passed = passedSince(mark, clock);
  const doubt = doubtOf(mark, now, passed);
  if (doubt === null) return { now, doubt, certain: now, presumed: now, seen };
  // Where the clock jumped, the time that has passed is known all the same.
  const known = doubt === 'jumped' && passed !== undefined ? Math.max(seen, mark.wall + passed) : seen;
  return { now, doubt, certain: Math.min(now, known), presumed: doubt === 'ahead' ? now : known, seen };
}

/**
 * Milliseconds between the mark and now, by the counter that nobody can set; undefined if the machine was started again
 * since.
 */
function passedSince({ boot, monotonic }: ClockMark, clock: Clock): number | undefined {
  const elapsed = clock.elapsed();
  return elapsed.boot === boot ? elapsed.milliseconds - monotonic : undefined;
}

function doubtOf({ seen, wall }: ClockMark, now: number, passed: number | undefined): ClockDoubt | null {
  if (passed !== undefined && Math.abs(now - wall - passed) > tolerance + toleratedDrift * passed) return 'jumped';
  if (now < seen - tolerance) return 'behind';
  return now > seen + farthestAhead ? 'ahead' : null;
}

/** Judges the clock as it is now. */
export async function judgeClock(core: Core): Promise<ClockJudgement> {
  return judgeBy((await core.metadata.get('clockMarks', keys.clockMarks()))?.value, core.clock);
}

/**
 * Refuses to go on while the clock is doubted: for work that destroys something if the clock is wrong. @throws
 * StorageError `clock_doubted`.
 */
export async function requireCertainClock(core: Core): Promise<void> {
  const { doubt } = await judgeClock(core);
  if (doubt !== null) throw failures.clockDoubted(doubt);
}
