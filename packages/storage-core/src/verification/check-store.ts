import {
  compareKeys,
  keys,
  storeFormatVersion,
  type BackupLease,
  type ClockMark,
  type KeyringCanary,
  type Row,
  type StoreIdentity,
} from '@coffer/storage-ports';
import { isGenuine } from '../recovery/keyring-canary.ts';
import { fault, when, type Fault } from './findings.ts';
import { keyParts } from '../core/key-parts.ts';
import type { Verifier } from './verifier.ts';

/** A store has one identity, of this format, and the proof that was written with it. */
export async function checkIdentity(
  { rows }: Verifier,
  { key, value: { formatVersion } }: Row<StoreIdentity>,
): Promise<readonly Fault[]> {
  const place = { table: 'storeIdentity' } as const;
  if (compareKeys(key, keys.storeIdentity()) !== 0)
    return [fault('misplaced', place, 'The identity of the store is under another key')];
  const proof = await rows.get('keyringCanary', keys.keyringCanary());
  return [
    ...when(proof === undefined, 'missing-row', place, 'The store has no proof of its keyring'),
    ...when(
      formatVersion !== storeFormatVersion,
      'contradiction',
      place,
      `The store has format version ${formatVersion}, but this server reads ${storeFormatVersion}`,
    ),
  ];
}

/** The proof of the keyring is one of the keys at hand. */
export async function checkKeyringProof(
  { core, rows }: Verifier,
  { key, value }: Row<KeyringCanary>,
): Promise<readonly Fault[]> {
  const place = { table: 'keyringCanary' } as const;
  if (compareKeys(key, keys.keyringCanary()) !== 0)
    return [fault('misplaced', place, 'The proof of the keyring is under another key')];
  const holds = await isGenuine(core, value);
  const identity = await rows.get('storeIdentity', keys.storeIdentity());
  return [
    ...when(!holds, 'keyring-proof', place, 'The proof of the keyring was not made with the keys at hand'),
    ...when(identity === undefined, 'missing-row', place, 'The store has no identity'),
  ];
}

export function checkLease({ key }: Row<BackupLease>): Promise<readonly Fault[]> {
  const isOwn = compareKeys(key, keys.backupLeases()) === 0;
  return Promise.resolve(
    when(!isOwn, 'misplaced', { table: 'backupLeases' }, 'The lease of a backup is under another key'),
  );
}

export function checkClockMark({ key }: Row<ClockMark>): Promise<readonly Fault[]> {
  const isOwn = compareKeys(key, keys.clockMarks()) === 0;
  return Promise.resolve(
    when(!isOwn, 'misplaced', { table: 'clockMarks' }, 'The mark of the clock is under another key'),
  );
}

/** Rows that have a name of their own as their key; there is nothing that they would have to agree with. */
export function checkOwnKey(
  table: 'blobWriteBounds' | 'counters' | 'memberBeats' | 'members' | 'workLeases',
  { key }: Row<unknown>,
): Promise<readonly Fault[]> {
  const isKey = keyParts(key, ['text']) !== undefined;
  return Promise.resolve(when(!isKey, 'misplaced', { table }, 'The row is under a malformed key'));
}
