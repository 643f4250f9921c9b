import type { Caller } from './caller.ts';
import { retentionFrom, type AskedLock, type Lock, type LockConfiguration, type Retention } from './lock-model.ts';

/** Headers that ask for a lock. */
export function lockHeaders({ retention, hold }: AskedLock, now: number): Readonly<Record<string, string>> {
  return headersOf({ retention: retentionFrom(retention, now), hold });
}

function headersOf({ retention, hold }: Lock): Readonly<Record<string, string>> {
  return {
    ...(retention && {
      'X-Bz-File-Retention-Mode': retention.mode,
      'X-Bz-File-Retention-Retain-Until-Timestamp': String(retention.until),
    }),
    ...(hold && { 'X-Bz-File-Legal-Hold': hold }),
  };
}

/** JSON members that ask for a lock. */
export function lockJson({ retention, hold }: AskedLock, now: number): object {
  return {
    ...(retention && { fileRetention: retentionJson(retentionFrom(retention, now)) }),
    ...(hold && { legalHold: hold }),
  };
}

export function retentionJson(retention: Retention | null): object {
  return { mode: retention?.mode ?? null, retainUntilTimestamp: retention?.until ?? null };
}

/** A file's lock as an answer shows it to the caller. */
export function lockSeen({ retention, hold }: Lock, { rights }: Caller): object {
  return {
    fileRetention: seen(rights.has('readFileRetentions'), retentionJson(retention)),
    legalHold: seen(rights.has('readFileLegalHolds'), hold),
  };
}

/** A bucket's settings as an answer shows them to the caller. */
export function configurationSeen({ enabled, standard }: LockConfiguration, { rights }: Caller): object {
  const period = standard && { duration: standard.days, unit: 'days' };
  const defaultRetention = { mode: standard?.mode ?? null, period };
  return seen(rights.has('readBucketRetentions'), { defaultRetention, isFileLockEnabled: enabled });
}

function seen(isClientAuthorizedToRead: boolean, value: unknown): object {
  return { isClientAuthorizedToRead, value: isClientAuthorizedToRead ? value : null };
}

const retentionNames = ['X-Bz-File-Retention-Mode', 'X-Bz-File-Retention-Retain-Until-Timestamp'];
const holdName = 'X-Bz-File-Legal-Hold';
const withheldName = 'X-Bz-Client-Unauthorized-To-Read';
export const lockHeaderNames = [...retentionNames, holdName, withheldName];

/** The headers of a download that tell of locks, as the caller gets them. */
export function lockHeadersSeen({ retention, hold }: Lock, enabled: boolean, { rights }: Caller): object {
  const seesRetention = rights.has('readFileRetentions');
  const seesHold = rights.has('readFileLegalHolds');
  const withheld = [...(seesRetention ? [] : retentionNames), ...(seesHold ? [] : [holdName])];
  return {
    ...headersOf({ retention: seesRetention ? retention : null, hold: seesHold ? hold : null }),
    ...(enabled && withheld.length > 0 ? { [withheldName]: withheld.join(',') } : {}),
  };
}
