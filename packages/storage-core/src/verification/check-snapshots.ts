import {
  compareKeys,
  keys,
  type Row,
  type SnapshotContent,
  type SnapshotRecord,
  type Tables,
} from '@coffer/storage-ports';
import { keyParts } from '../core/key-parts.ts';
import { fault, when, type Fault } from './findings.ts';
import { proofFault } from './secret-fault.ts';
import type { Verifier } from './verifier.ts';

/** A snapshot belongs to an account, and has its turn in the queue until it has ended. */
export async function checkSnapshot(verifier: Verifier, row: Row<SnapshotRecord>): Promise<readonly Fault[]> {
  const { rows } = verifier;
  const { key, value } = row;
  const { snapshotId, accountId, bucketId, state } = value;
  const place = { table: 'snapshots', bucketId } as const;
  if (compareKeys(key, keys.snapshots(accountId, snapshotId)) !== 0)
    return [fault('misplaced', place, `The record of snapshot ${snapshotId} is under another key`)];
  const account = await rows.get('accounts', keys.accounts(accountId));
  const turn = await rows.get('snapshotQueue', keys.snapshotQueue(snapshotId));
  const isActive = state === 'waiting' || state === 'running';
  return [
    ...(await proofFault(verifier, place, `The snapshot ${snapshotId}`, row)),
    ...when(
      account === undefined,
      'missing-row',
      place,
      `The snapshot ${snapshotId} belongs to account ${accountId}, which does not exist`,
    ),
    ...when(
      isActive && turn === undefined,
      'missing-row',
      place,
      `The snapshot ${snapshotId} is to be made, and has no place in the queue`,
    ),
  ];
}

/** A place in the queue is that of a snapshot. */
export async function checkSnapshotTurn(
  { rows }: Verifier,
  { key, value: { accountId } }: Row<Tables['snapshotQueue']>,
): Promise<readonly Fault[]> {
  const place = { table: 'snapshotQueue' } as const;
  const [snapshotId] = keyParts(key, ['text']) ?? [];
  if (snapshotId === undefined)
    return [fault('misplaced', place, 'A place in the queue of snapshots is under a malformed key')];
  const snapshot = await rows.get('snapshots', keys.snapshots(accountId, snapshotId));
  return when(
    snapshot === undefined,
    'missing-row',
    place,
    `The queue names the snapshot ${snapshotId}, which is lost`,
  );
}

/** What a snapshot is made of is there only as long as the snapshot has a place in the queue. */
export async function checkSnapshotContent(
  { rows }: Verifier,
  { key }: Row<SnapshotContent>,
): Promise<readonly Fault[]> {
  const place = { table: 'snapshotContents' } as const;
  const [snapshotId] = keyParts(key, ['text', 'number']) ?? [];
  if (snapshotId === undefined)
    return [fault('misplaced', place, 'A row of what a snapshot is made of is under a malformed key')];
  const turn = await rows.get('snapshotQueue', keys.snapshotQueue(snapshotId));
  return when(
    turn === undefined,
    'missing-row',
    place,
    `The snapshot ${snapshotId} has files to be stored, and no place in the queue`,
  );
}
