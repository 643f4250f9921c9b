import type { FileRetention, RetentionMode } from '@coffer/b2-schema';

/** What a key may do to the retention of a version. */
export interface RetentionRules {
  readonly modes: readonly (RetentionMode | 'none')[];
  /** The earliest end that is allowed, in milliseconds since the epoch. */
  readonly earliest: number;
  /** Whether the change that is asked for needs the capability `bypassGovernance`, and is to say so. */
  readonly needsBypass: (wanted: FileRetention) => boolean;
}

/**
 * How a retention may be changed (B2 docs "Object Lock"): both modes may be made longer; governance may be shortened
 * and removed with `bypassGovernance`, compliance by nobody.
 */
export function retentionRules(present: FileRetention, mayBypass: boolean, now: number): RetentionRules {
  const isActive = present.mode !== null && present.retainUntilTimestamp > now;
  if (!isActive) return { modes: ['none', 'governance', 'compliance'], earliest: now, needsBypass: () => false };
  if (present.mode === 'compliance') {
    return { modes: ['compliance'], earliest: present.retainUntilTimestamp, needsBypass: () => false };
  }
  return {
    modes: mayBypass ? ['none', 'governance', 'compliance'] : ['governance', 'compliance'],
    earliest: mayBypass ? now : present.retainUntilTimestamp,
    needsBypass: (wanted) => wanted.mode === null || wanted.retainUntilTimestamp < present.retainUntilTimestamp,
  };
}

/** A time as `<input type="datetime-local">` has it, in the reader's time zone, to the minute. */
export function localTime(timestamp: number): string {
  const shifted = timestamp - new Date(timestamp).getTimezoneOffset() * 60_000;
  return new Date(shifted).toISOString().slice(0, 16);
}

/** The time of such a field; undefined if it holds none. */
export function timestampOf(local: string): number | undefined {
  const timestamp = new Date(local).getTime();
  return Number.isNaN(timestamp) ? undefined : timestamp;
}
