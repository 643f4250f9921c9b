import { keys, type BlobWriteBound, type Row, type Write } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { keyParts } from '../core/key-parts.ts';
import { isMemberId } from '../core/membership.ts';
import { rowsOf } from '../core/table-pages.ts';
import type { Owners } from './stored-blobs.ts';

/** What processes that write no more have recorded of the blobs that they wrote. */
export interface WriteBounds {
  /** How many blobs that nothing names these processes can have left. */
  readonly sum: number;
  /** Whose blobs can be looked at; undefined: everybody's, since nothing else uses the store. */
  readonly owners: Owners;
  /** To be called when everything that these processes left has been dealt with. */
  settle(): Promise<void>;
  /** To be called when they cannot have left all that was found: next time, they are believed to have left nothing. */
  disbelieve(): Promise<void>;
}

const wholeTable = { start: new Uint8Array(0), end: undefined };

export async function readWriteBounds(core: Core): Promise<WriteBounds> {
  const rows: Row<BlobWriteBound>[] = [];
  const owners: string[] = [];
  const { isShared } = core.membership;
  let sum = 0;
  for await (const row of rowsOf(core.metadata, 'blobWriteBounds', wholeTable)) {
    const owner = String(keyParts(row.key, ['text'])?.[0]);
    // A process that had the store to itself gave its blobs no owner: the next such process looks at them.
    if (isShared && (!isMemberId(owner) || (await isMember(core, owner)))) continue;
    rows.push(row);
    owners.push(owner);
    sum += row.value.bound;
  }
  return {
    sum,
    owners: isShared ? owners : undefined,
    settle: () => settle(core, rows),
    disbelieve: () => disbelieve(core, rows),
  };
}

async function isMember(core: Core, id: string): Promise<boolean> {
  return (await core.metadata.get('members', keys.members(id))) !== undefined;
}

/**
 * Where processes share the store, a write of one that was given up may still arrive at the blob store, so its row
 * stays until the next time.
 */
async function settle(core: Core, rows: readonly Row<BlobWriteBound>[]): Promise<void> {
  const { isShared } = core.membership;
  // Before the commit: should its outcome stay unknown, this process records its bound anew.
  if (!isShared) core.blobWrites.forget();
  if (rows.length === 0) return;
  const writes = rows.map(({ key, value }): Write => {
    const isOver = !isShared || value.isSettled === true;
    const place = { table: 'blobWriteBounds', key } as const;
    return isOver ? { ...place, delete: true } : { ...place, put: { ...value, isSettled: true } };
  });
  await core.metadata.commit({ expectations: [], writes });
}

/** Without members, all blobs are looked at next time, and the rows go; among members, rows say whose are looked at. */
async function disbelieve(core: Core, rows: readonly Row<BlobWriteBound>[]): Promise<void> {
  if (!core.membership.isShared) {
    await settle(core, rows);
    return;
  }
  const writes = rows.map(({ key }): Write => ({ table: 'blobWriteBounds', key, put: { bound: 0 } }));
  if (writes.length > 0) await core.metadata.commit({ expectations: [], writes });
}
