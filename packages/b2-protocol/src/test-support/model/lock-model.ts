import type { Right } from './caller.ts';

/** Source of every rule here: B2 docs "Object Lock". */
type LockMode = 'governance' | 'compliance';

export interface Retention {
  readonly mode: LockMode;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

export interface Lock {
  readonly retention: Retention | null;
  readonly hold: 'on' | 'off' | null;
}

/** A lock as a script asks for it: days from that moment, so that 0 is a time which is not in the future. */
export interface AskedRetention {
  readonly mode: LockMode;
  readonly days: number;
}

export interface AskedLock {
  readonly retention: AskedRetention | null;
  readonly hold: 'on' | 'off' | null;
}

export interface LockConfiguration {
  readonly enabled: boolean;
  /** The retention of files that do not ask for any. */
  readonly standard: AskedRetention | null;
}

/** An error that the server must answer with. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
}

const dayMilliseconds = 24 * 60 * 60 * 1_000;
export const unauthorized: Refusal = { status: 401, code: 'unauthorized' };
export const missingLock: Refusal = { status: 400, code: 'bucket_missing_file_lock' };
const forbidden: Refusal = { status: 403, code: 'access_denied' };
const locked: Refusal = { status: 401, code: 'access_denied' };
const absent: Refusal = { status: 400, code: 'file_not_present' };
const notInFuture: Refusal = { status: 400, code: 'retain_until_timestamp_must_be_in_future' };

type Rights = ReadonlySet<Right>;
interface Locked {
  readonly action: string;
  readonly lock: Lock;
}

export function retentionFrom(asked: AskedRetention | null, now: number): Retention | null {
  return asked && { mode: asked.mode, until: now + asked.days * dayMilliseconds };
}

/** The lock of a new file in a bucket. */
export function lockOfNew({ standard }: LockConfiguration, asked: AskedLock, now: number): Lock {
  return { retention: retentionFrom(asked.retention ?? standard, now), hold: asked.hold };
}

export function refusalOfNew(bucket: LockConfiguration, asked: AskedLock, rights: Rights): Refusal | undefined {
  if (asked.retention !== null && !rights.has('writeFileRetentions')) return unauthorized;
  if (asked.hold !== null && !rights.has('writeFileLegalHolds')) return unauthorized;
  if (!bucket.enabled && (asked.retention !== null || asked.hold !== null)) return missingLock;
  return asked.retention?.days === 0 ? notInFuture : undefined;
}

export function refusalOfRetention(
  bucket: LockConfiguration,
  { action, lock: { retention: current } }: Locked,
  { next, bypass, rights, now }: { next: Retention | null; bypass: boolean; rights: Rights; now: number },
): Refusal | undefined {
  if (!rights.has('writeFileRetentions')) return forbidden;
  if (bypass && !rights.has('bypassGovernance')) return forbidden;
  if (action !== 'upload') return absent;
  if (!bucket.enabled) return missingLock;
  if (next !== null && next.until <= now) return notInFuture;
  if (current === null || current.until <= now) return undefined;
  const isShorter = next === null || next.until < current.until;
  if (current.mode === 'compliance') return isShorter || next.mode !== 'compliance' ? forbidden : undefined;
  return isShorter && !bypass ? forbidden : undefined;
}

export function refusalOfHold(bucket: LockConfiguration, { action }: Locked, rights: Rights): Refusal | undefined {
  if (!rights.has('writeFileLegalHolds')) return forbidden;
  if (action !== 'upload') return absent;
  return bucket.enabled ? undefined : missingLock;
}

export function refusalOfDelete(
  { action, lock: { retention, hold } }: Locked,
  { bypass, rights, now }: { bypass: boolean; rights: Rights; now: number },
): Refusal | undefined {
  if (bypass && !rights.has('bypassGovernance')) return unauthorized;
  if (action !== 'upload') return undefined;
  if (hold === 'on') return locked;
  if (retention === null || retention.until <= now) return undefined;
  return retention.mode === 'governance' && bypass ? undefined : locked;
}
