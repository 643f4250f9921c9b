import type { KnownVersion, Ledger } from '../ledger.ts';

/** Everything that was acknowledged at one moment, by file id. */
export type Snapshot = ReadonlyMap<string, KnownVersion>;

/** What a backup that begins now must have, as far as nothing of it is removed while the backup is under way. */
export function snapshotOf({ versions }: Ledger): Snapshot {
  return new Map([...versions].map(([id, version]) => [id, { ...version, parts: new Map(version.parts) }]));
}
