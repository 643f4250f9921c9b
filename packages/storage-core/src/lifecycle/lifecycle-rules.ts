import type { FileVersionRecord, LifecycleRule } from '@coffer/storage-ports';
import { isLocked } from '../records/lock-rules.ts';

const dayMilliseconds = 86_400_000;

/** Whether the rule asks to hide this current version at `now`. */
export function hideDue(rule: LifecycleRule, current: FileVersionRecord, now: number): boolean {
  return current.action === 'upload' && isOver(uploadedAt(current), rule.daysFromUploadingToHiding, now);
}

/**
 * Like {@link hideDue}, if only the time of the current version's upload or start is known: false if the rule certainly
 * does not ask for it.
 */
export function hideMayBeDue(rule: LifecycleRule, uploadTimestamp: number, now: number): boolean {
  return isOver(uploadTimestamp, rule.daysFromUploadingToHiding, now);
}

/** Whether the rule asks to cancel this large file at `now`, because it is not finished yet. */
export function cancelDue(rule: LifecycleRule, version: FileVersionRecord, now: number): boolean {
  const days = rule.daysFromStartingToCancelingUnfinishedLargeFiles;
  return version.action === 'start' && isOver(version.uploadTimestamp, days, now);
}

/**
 * Whether the rule asks to delete this version or hide marker at `now`. `nextNewer`: the next newer one of its name.
 */
export function deleteDue(
  rule: LifecycleRule,
  version: FileVersionRecord,
  nextNewer: FileVersionRecord | undefined,
  now: number,
): boolean {
  if (version.action === 'start' || nextNewer === undefined || isLocked(version, now)) return false;
  // A large file may be finished when newer versions exist already: then it counts as hidden since it was finished.
  const hiddenSince = Math.max(uploadedAt(nextNewer), uploadedAt(version));
  return isOver(hiddenSince, rule.daysFromHidingToDeleting, now);
}

/** Whether the rule asks to delete a current hide marker once nothing is beneath it. */
export function deletesLoneMarkers({ daysFromHidingToDeleting }: LifecycleRule): boolean {
  return daysFromHidingToDeleting !== null;
}

function isOver(since: number, days: number | null, now: number): boolean {
  return days !== null && since + days * dayMilliseconds <= now;
}

/**
 * When a version counts as uploaded. A large file keeps the timestamp of its start, but becomes a version only when it
 * is finished. Until then the version before it was the current one, which must not be deleted as if it had been hidden
 * all that time.
 */
function uploadedAt({ partCount, uploadTimestamp, committedAt }: FileVersionRecord): number {
  return partCount === null ? uploadTimestamp : Math.max(uploadTimestamp, committedAt);
}
