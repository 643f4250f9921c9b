import {
  afterKey,
  keys,
  prefixRange,
  recordKey,
  type SnapshotItem,
  type SnapshotRecord,
  type SnapshotRequest,
  type SnapshotState,
} from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { isPossibleId } from '../core/identifiers.ts';
import { keyParts } from '../core/key-parts.ts';
import { rowsOf } from '../core/table-pages.ts';
import { transact, type Transaction } from '../core/transaction.ts';
import type { SnapshotLimits, SnapshotRecords } from '../services/snapshot-records.ts';

/** Rows that one commit removes. */
const rowsPerRemoval = 100;
const wholeTable = { start: new Uint8Array(0), end: undefined };

export function snapshotRecords(core: Core): SnapshotRecords {
  return {
    add: (snapshot, items, limits) => addSnapshot(core, snapshot, items, limits),
    ofRequest: async (accountId, request) => foundOf(await allOf(core, accountId), request),
    get: async (accountId, snapshotId) =>
      isPossibleId(snapshotId)
        ? (await core.metadata.get('snapshots', keys.snapshots(accountId, snapshotId)))?.value
        : undefined,
    list: (query) => listSnapshots(core, query),
    change: (accountId, snapshotId, change) => changeSnapshot(core, accountId, snapshotId, change),
    queued: () => queuedSnapshots(core),
    items: async (snapshotId) => {
      const row = await core.metadata.get('snapshotContents', keys.snapshotContents(snapshotId, 0));
      return row?.value.kind === 'selection' ? row.value.items : undefined;
    },
    files: (snapshotId) => filesOf(core, snapshotId),
    forget: (accountId, snapshotId) => forgetSnapshot(core, accountId, snapshotId),
    settle: (accountId, snapshotId) => settleSnapshot(core, accountId, snapshotId),
  };
}

function hasEnded(state: SnapshotState): boolean {
  return state !== 'waiting' && state !== 'running';
}

async function addSnapshot(
  core: Core,
  snapshot: SnapshotRecord,
  items: readonly SnapshotItem[],
  limits: SnapshotLimits,
): Promise<SnapshotRecord> {
  const { accountId, snapshotId, request } = snapshot;
  await core.monitor.requireWritable();
  return transact(core.metadata, async (tx) => {
    const counterKey = keys.counters(`snapshot/${accountId}`);
    // Every addition writes the counter, so two of them cannot both take the last place.
    const created = (await tx.get('counters', counterKey))?.last ?? 0;
    const others = await allOf(core, accountId);
    const made = request && foundOf(others, request);
    if (made !== undefined) return made;
    if (others.filter(({ state }) => !hasEnded(state)).length >= limits.active)
      throw failures.tooManySnapshots(limits.active);
    await forgetOldest(tx, others, limits.ended);
    tx.put('counters', counterKey, { last: created + 1 });
    tx.expectAbsent('snapshots', keys.snapshots(accountId, snapshotId));
    tx.put('snapshots', keys.snapshots(accountId, snapshotId), snapshot);
    tx.put('snapshotQueue', keys.snapshotQueue(snapshotId), { accountId });
    tx.put('snapshotContents', keys.snapshotContents(snapshotId, 0), { kind: 'selection', items });
    return snapshot;
  });
}

/** The snapshots of an account, oldest first. */
async function allOf({ metadata }: Core, accountId: string): Promise<readonly SnapshotRecord[]> {
  const snapshots: SnapshotRecord[] = [];
  for await (const { value } of rowsOf(metadata, 'snapshots', prefixRange(recordKey(accountId)))) snapshots.push(value);
  return snapshots;
}

/** @throws StorageError `request_id_taken`. */
function foundOf(snapshots: readonly SnapshotRecord[], { id, digest }: SnapshotRequest): SnapshotRecord | undefined {
  const found = snapshots.find(({ request }) => request?.id === id);
  if (found !== undefined && found.request?.digest !== digest) throw failures.requestIdTaken(id);
  return found;
}

/** Leaves `kept` of those that have ended; one that is still in the queue stays until its turn has come. */
async function forgetOldest(tx: Transaction, snapshots: readonly SnapshotRecord[], kept: number): Promise<void> {
  const ended = snapshots.filter(({ state }) => hasEnded(state));
  for (const { accountId, snapshotId } of ended.slice(0, Math.max(0, ended.length - kept)))
    if ((await tx.get('snapshotQueue', keys.snapshotQueue(snapshotId))) === undefined)
      tx.delete('snapshots', keys.snapshots(accountId, snapshotId));
}

function forgetSnapshot({ metadata }: Core, accountId: string, snapshotId: string): Promise<boolean> {
  return transact(metadata, async (tx) => {
    if (!isPossibleId(snapshotId)) return true;
    const snapshot = await tx.get('snapshots', keys.snapshots(accountId, snapshotId));
    if (snapshot === undefined) return true;
    const isQueued = (await tx.get('snapshotQueue', keys.snapshotQueue(snapshotId))) !== undefined;
    if (isQueued || !hasEnded(snapshot.state)) return false;
    tx.delete('snapshots', keys.snapshots(accountId, snapshotId));
    return true;
  });
}

async function listSnapshots(
  { metadata }: Core,
  { accountId, before, limit }: Parameters<SnapshotRecords['list']>[0],
): Promise<readonly SnapshotRecord[]> {
  const range = prefixRange(recordKey(accountId));
  const end = before === undefined ? range.end : keys.snapshots(accountId, before);
  const rows = await metadata.scan('snapshots', { start: range.start, end, limit, reverse: true });
  return rows.map(({ value }) => value);
}

function changeSnapshot(
  { metadata }: Core,
  accountId: string,
  snapshotId: string,
  change: Parameters<SnapshotRecords['change']>[2],
): Promise<SnapshotRecord | undefined> {
  const key = keys.snapshots(accountId, snapshotId);
  return transact(metadata, async (tx) => {
    const before = isPossibleId(snapshotId) ? await tx.get('snapshots', key) : undefined;
    const changed = before === undefined ? null : change(before);
    if (before === undefined || changed === null) return before;
    tx.put('snapshots', key, changed.snapshot);
    for (const [index, files] of (changed.files ?? []).entries()) {
      const number = before.listing.rows + 1 + index;
      tx.put('snapshotContents', keys.snapshotContents(snapshotId, number), { kind: 'files', files });
    }
    return changed.snapshot;
  });
}

async function* queuedSnapshots({ metadata }: Core) {
  for await (const { key, value } of rowsOf(metadata, 'snapshotQueue', wholeTable)) {
    const [snapshotId] = keyParts(key, ['text']) ?? [];
    if (snapshotId !== undefined) yield { accountId: value.accountId, snapshotId };
  }
}

async function* filesOf({ metadata }: Core, snapshotId: string) {
  const { end } = prefixRange(recordKey(snapshotId));
  const range = { start: keys.snapshotContents(snapshotId, 1), end };
  // One row at a time, so that few of them are held while their files are read.
  for (let { start } = range; ;) {
    const [row] = await metadata.scan('snapshotContents', { start, end, limit: 1 });
    if (row === undefined) return;
    if (row.value.kind === 'files') yield row.value.files;
    start = afterKey(row.key);
  }
}

async function settleSnapshot({ metadata }: Core, accountId: string, snapshotId: string): Promise<void> {
  const range = prefixRange(recordKey(snapshotId));
  for (let isEmpty = false; !isEmpty;)
    isEmpty = await transact(metadata, async (tx) => {
      const snapshot = await tx.get('snapshots', keys.snapshots(accountId, snapshotId));
      if (snapshot !== undefined && !hasEnded(snapshot.state)) return true;
      const rows = await tx.scan('snapshotContents', { ...range, limit: rowsPerRemoval });
      for (const { key } of rows) tx.delete('snapshotContents', key);
      if (rows.length === 0) tx.delete('snapshotQueue', keys.snapshotQueue(snapshotId));
      return rows.length === 0;
    });
}
