import type { NameHead } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';

/** Refuses a timestamp that the uploader may not, or cannot, set. */
export function requireCustomTimestamp(core: Core, timestamp: number | undefined): void {
  if (timestamp === undefined) return;
  if (!core.options.customTimestamps) throw failures.customTimestampNotAllowed();
  if (!Number.isSafeInteger(timestamp) || timestamp < 0 || timestamp > core.clock.now())
    throw failures.customTimestampInvalid();
}

/** The time of a new version: now, but later than every version its name had, also when the clock was set back. */
export function nextTimestamp(head: NameHead | undefined, now: number): number {
  return head === undefined ? now : Math.max(now, head.newestTimestamp + 1);
}
