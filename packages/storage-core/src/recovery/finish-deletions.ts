import { afterKey, type PendingDeletion } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { isBackupUnderWay } from '../data/backup-lease.ts';
import { finishDeletion } from '../data/pending-deletion.ts';

const page = 100;

/** What became of the deletes that had been interrupted, or had waited. */
export interface FinishedDeletions {
  readonly finished: number;
  /** Those whose blobs are in use: they stay. */
  readonly refused: readonly PendingDeletion[];
  /** Those of blobs without a reference: only a look at all versions and parts can tell whether they are in use. */
  readonly unknown: readonly Extract<PendingDeletion, { kind: 'blob' }>[];
}

/** Finishes what can be finished, unless a backup is under way. */
export async function finishDeletions(core: Core): Promise<FinishedDeletions> {
  const refused: PendingDeletion[] = [];
  const unknown: Extract<PendingDeletion, { kind: 'blob' }>[] = [];
  let finished = 0;
  for (let start: Uint8Array = new Uint8Array(0); ;) {
    const rows = await core.metadata.scan('pendingDeletions', { start, end: undefined, limit: page });
    // In this order: see isBackupUnderWay.
    if (rows.length > 0 && (await isBackupUnderWay(core))) break;
    for (const { value } of rows) {
      const outcome = await finishDeletion(core, value);
      if (outcome === 'done') finished++;
      else if (outcome === 'unknown' && value.kind === 'blob') unknown.push(value);
      else refused.push(value);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) break;
    start = afterKey(last.key);
  }
  return { finished, refused, unknown };
}
