import type { FileVersionRecord, LifecycleRule } from '@coffer/storage-ports';
import { isLocked } from '../records/lock-rules.ts';

const dayMilliseconds = 86_400_000;

/** Whether the rule has a hide marker put over this current version at `now`. */
export function hideDue(rule: LifecycleRule, current: FileVersionRecord, now: number): boolean {
  return current.action === 'upload' && isOver(uploadedAt(current), rule.daysFromUploadingToHiding, now);
}

/**
 * As {@link hideDue}, for who knows of the current version only when its upload or start was: false if it is certainly
 * not due.
 */
export function hideMayBeDue(rule: LifecycleRule, uploadTimestamp: number, now: number): boolean {
  return isOver(uploadTimestamp, rule.daysFromUploadingToHiding, now);
}

/** Whether the rule has this large file cancelled at `now`, because it is not finished yet. */
export function cancelDue(rule: LifecycleRule, version: FileVersionRecord, now: number): boolean {
  const days = rule.daysFromStartingToCancelingUnfinishedLargeFiles;
  return version.action === 'start' && isOver(version.uploadTimestamp, days, now);
}

/** Whether the rule has this version or hide marker deleted at `now`, given the next newer one of its name. */
export function deleteDue(
  rule: LifecycleRule,
  version: FileVersionRecord,
  nextNewer: FileVersionRecord | undefined,
  now: number,
): boolean {
  if (version.action === 'start' || nextNewer === undefined || isLocked(version, now)) return false;
  // A large file may be finished when newer versions are there already: it was hidden from then on.
  const hiddenSince = Math.max(uploadedAt(nextNewer), uploadedAt(version));
  return isOver(hiddenSince, rule.daysFromHidingToDeleting, now);
}

/** Whether the rule has a current hide marker deleted once nothing is beneath it. */
export function deletesLoneMarkers({ daysFromHidingToDeleting }: LifecycleRule): boolean {
  return daysFromHidingToDeleting !== null;
}

function isOver(since: number, days: number | null, now: number): boolean {
  return days !== null && since + days * dayMilliseconds <= now;
}

/**
 * A large file keeps the timestamp of its start, but is a version only once it is finished: until then the one before
 * it was the current one, and must not be deleted as if it had been hidden all the time.
 */
function uploadedAt({ partCount, uploadTimestamp, committedAt }: FileVersionRecord): number {
  return partCount === null ? uploadTimestamp : Math.max(uploadTimestamp, committedAt);
}
