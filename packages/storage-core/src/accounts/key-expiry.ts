import type { ApplicationKeyRecord } from '@coffer/storage-ports';

/** Whether the key has ended at `now`. */
export function isExpired({ expirationTimestamp }: ApplicationKeyRecord, now: number): boolean {
  return expirationTimestamp !== null && expirationTimestamp <= now;
}
