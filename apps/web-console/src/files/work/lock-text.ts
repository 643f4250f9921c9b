import { ClientError } from '@coffer/client';
import { formatTime } from '../../format/time.ts';
import type { VersionLock } from '../file-rows.ts';

/** What keeps a version from being deleted: "It is under legal hold."; undefined if nothing does at this time. */
export function lockText({ isHeld, mode, until }: VersionLock, now: number): string | undefined {
  const isRetained = mode !== null && until !== null && until > now;
  const reasons = [
    isHeld ? 'under legal hold' : undefined,
    isRetained ? `under ${mode} retention until ${formatTime(until)}` : undefined,
  ].filter((reason) => reason !== undefined);
  return reasons.length === 0 ? undefined : `It is ${reasons.join(', and ')}.`;
}

/** Why a version could not be deleted, if that is its lock: the server says no more than that it is not allowed. */
export function refusalText(error: unknown, lock: VersionLock | undefined): string | undefined {
  if (!ClientError.is(error, 'access_denied')) return undefined;
  const known = lock && lockText(lock, Date.now());
  return known ?? 'It is not allowed. It may be under legal hold or under retention.';
}
