import type { BucketRecord, DefaultRetention, FileRetention, FileVersionRecord } from '@coffer/storage-ports';
import { judgeClock } from '../core/clock-judgement.ts';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import type { ClockJudgement } from '../services/clock-service.ts';
import type { LockSettings } from '../services/storage.ts';

const maximumRetentionDays = 3_000;
const dayMilliseconds = 86_400_000;

/** What a new version is locked with. */
export interface FileLock {
  readonly retention: FileRetention | null;
  readonly legalHold: 'on' | 'off' | null;
}

/**
 * The lock of a version uploaded, started or copied at `now`: as asked for, else the bucket's default retention. A
 * caller that asks for no retention explicitly gets none, whatever the bucket's default is. Source: B2 docs "Object
 * Lock", default bucket retention.
 */
export function lockOfNewFile(bucket: BucketRecord, asked: LockSettings, now: number): FileLock {
  const asksForLock = asked.retention !== undefined || asked.legalHold !== undefined;
  if (asksForLock && !bucket.fileLockEnabled) throw failures.bucketLockMissing();
  if (asked.retention === undefined) {
    return { retention: retentionFromDefault(bucket.defaultRetention, now), legalHold: asked.legalHold ?? null };
  }
  requireRetainUntil(asked.retention, now);
  return { retention: asked.retention, legalHold: asked.legalHold ?? null };
}

/**
 * Refuses to delete what is locked: under legal hold, under compliance retention, or under governance retention unless
 * that is bypassed. A retention that has ended only by a doubted clock still counts. Unfinished large files are not
 * data yet and never locked.
 */
export function requireDeletable(version: FileVersionRecord, bypassGovernance: boolean, time: LockTime): void {
  if (bypassGovernance && isBypassable(version)) return;
  if (isLocked(version, time.now)) throw failures.locked();
  if (time.doubt !== null && isLocked(version, time.certain)) throw failures.clockDoubted(time.doubt);
}

/** The time by which locks are judged: what the clock shows, and what is certain. */
export type LockTime = Pick<ClockJudgement, 'now' | 'doubt' | 'certain'>;

/** The time to judge a version's retention by. The clock itself is judged only if the retention has ended by it. */
export async function lockTimeOf(core: Core, retention: FileRetention | null): Promise<LockTime> {
  const now = core.clock.now();
  const isOver = retention !== null && retention.retainUntil <= now;
  return isOver ? judgeClock(core) : { now, doubt: null, certain: now };
}

/** Whether a version is under legal hold or under a retention that is not over at `now`. */
export function isLocked({ action, legalHold, retention }: FileVersionRecord, now: number): boolean {
  if (action !== 'upload') return false;
  return legalHold === 'on' || (retention !== null && retention.retainUntil > now);
}

function isBypassable({ legalHold, retention }: FileVersionRecord): boolean {
  return legalHold !== 'on' && retention?.mode === 'governance';
}

/**
 * Refuses a change of a stored version's retention that weakens it: never under compliance; under governance only where
 * that is bypassed. A retention that has ended, by a clock that is not doubted, counts as none. Source: B2 docs "Object
 * Lock".
 */
export function requireRetentionChange(
  current: FileRetention | null,
  next: FileRetention | null,
  { bypassGovernance, time }: { readonly bypassGovernance: boolean; readonly time: LockTime },
): void {
  requireRetainUntil(next, time.now);
  if (current === null || !isWeakened(current, next, bypassGovernance)) return;
  if (current.retainUntil > time.now) throw failures.lockChangeRefused();
  if (time.doubt !== null && current.retainUntil > time.certain) throw failures.clockDoubted(time.doubt);
}

function isWeakened(current: FileRetention, next: FileRetention | null, bypassGovernance: boolean): boolean {
  const isShorter = next === null || next.retainUntil < current.retainUntil;
  return current.mode === 'compliance' ? isShorter || next.mode !== 'compliance' : isShorter && !bypassGovernance;
}

/** Refuses a retention that has ended already, or that lasts longer than allowed. Source: B2 docs "Object Lock". */
function requireRetainUntil(retention: FileRetention | null, now: number): void {
  if (retention === null) return;
  if (retention.retainUntil <= now) throw failures.retainUntilInPast();
  if (retention.retainUntil > now + maximumRetentionDays * dayMilliseconds)
    throw failures.invalid('fileRetention', `A retention lasts no longer than ${maximumRetentionDays} days`);
}

/** Refuses a default retention that no bucket may have. */
export function requireDefaultRetention({ period }: DefaultRetention): void {
  const days = period.unit === 'days' ? period.duration : period.duration * 365;
  if (!Number.isSafeInteger(period.duration) || period.duration < 1 || days > maximumRetentionDays)
    throw failures.invalid('defaultRetention', `A default retention lasts from 1 day to ${maximumRetentionDays} days`);
}

function retentionFromDefault(standard: DefaultRetention | null, now: number): FileRetention | null {
  if (standard === null) return null;
  const { duration, unit } = standard.period;
  const retainUntil = unit === 'days' ? now + duration * dayMilliseconds : yearsLater(now, duration);
  return { mode: standard.mode, retainUntil };
}

function yearsLater(now: number, years: number): number {
  const date = new Date(now);
  return date.setUTCFullYear(date.getUTCFullYear() + years);
}
