import { afterKey } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';

const page = 1_000;

/**
 * How many blobs that nothing names can have been left by crashes since the last recovery: the sum of the bounds that
 * processes have recorded since.
 */
export async function readWriteBounds(core: Core): Promise<{ readonly sum: number; remove(): Promise<void> }> {
  const rows: Uint8Array[] = [];
  let sum = 0;
  for (let start: Uint8Array = new Uint8Array(0); ;) {
    const found = await core.metadata.scan('blobWriteBounds', { start, end: undefined, limit: page });
    for (const { key, value } of found) {
      rows.push(key);
      sum += value.bound;
    }
    const last = found.at(-1);
    if (last === undefined || found.length < page) break;
    start = afterKey(last.key);
  }
  return { sum, remove: () => remove(core, rows) };
}

async function remove(core: Core, rows: readonly Uint8Array[]): Promise<void> {
  // Before the commit: should its outcome stay unknown, this process records its bound anew.
  core.blobWrites.forget();
  if (rows.length === 0) return;
  const writes = rows.map((key) => ({ table: 'blobWriteBounds', key, delete: true }) as const);
  await core.metadata.commit({ expectations: [], writes });
}
