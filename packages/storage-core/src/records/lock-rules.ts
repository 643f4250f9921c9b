import type { BucketRecord, DefaultRetention, FileRetention, FileVersionRecord } from '@coffer/storage-ports';
import { failures } from '../core/failures.ts';
import type { LockSettings } from '../services/storage.ts';

const maximumRetentionDays = 3_000;
const dayMilliseconds = 86_400_000;

/** What a new version is locked with. */
export interface FileLock {
  readonly retention: FileRetention | null;
  readonly legalHold: 'on' | 'off' | null;
}

/**
 * The lock of a version uploaded, started or copied at `now`: as asked for, else the bucket's default retention. Who asks for no
 * retention gets none, whatever the bucket's default is. Source: B2 docs "Object Lock", default bucket retention.
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
 * Refuses to delete what is locked: under legal hold, under compliance retention, or under governance retention unless that is
 * bypassed. Unfinished large files are not data yet and never locked.
 */
export function requireDeletable(version: FileVersionRecord, bypassGovernance: boolean, now: number): void {
  if (isLocked(version, now) && !(bypassGovernance && isBypassable(version))) throw failures.locked();
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
 * Refuses a change of a stored version's retention that weakens it: never under compliance; under governance only where that is
 * bypassed. A retention that is over is as none. Source: B2 docs "Object Lock".
 */
export function requireRetentionChange(
  current: FileRetention | null,
  next: FileRetention | null,
  { bypassGovernance, now }: { readonly bypassGovernance: boolean; readonly now: number },
): void {
  requireRetainUntil(next, now);
  if (current === null || current.retainUntil <= now) return;
  const isShorter = next === null || next.retainUntil < current.retainUntil;
  if (current.mode === 'compliance' && (isShorter || next.mode !== 'compliance')) throw failures.lockChangeRefused();
  if (current.mode === 'governance' && isShorter && !bypassGovernance) throw failures.lockChangeRefused();
}

/** Refuses a retention that is over or longer than any may be. Source: B2 docs "Object Lock". */
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
