import {
  afterKey,
  compareKeys,
  keys,
  type AccountRecord,
  type ApplicationKeyRecord,
  type Row,
} from '@coffer/storage-ports';
import { openApplicationKey } from '../encryption/application-key-secret.ts';
import { fault, when, type Fault } from './findings.ts';
import { keyOf } from './row-reader.ts';
import { proofFault, secretFault } from './secret-fault.ts';
import type { Verifier } from './verifier.ts';

const accountsPerPage = 100;

/**
 * An account has its master key, its number and the proof of the keyring, which was written before it. Only the account
 * that the store was made for has no name.
 */
export async function checkAccount(verifier: Verifier, row: Row<AccountRecord>): Promise<readonly Fault[]> {
  const { rows } = verifier;
  const { key, value } = row;
  const { accountId, name } = value;
  const place = { table: 'accounts' } as const;
  if (compareKeys(key, keys.accounts(accountId)) !== 0)
    return [fault('misplaced', place, `The record of account ${accountId} is under another key`)];
  const master = await rows.get('applicationKeys', keys.applicationKeys(accountId));
  const counter = await rows.get('counters', keys.counters('account'));
  const proof = await rows.get('keyringCanary', keys.keyringCanary());
  return [
    ...(await proofFault(verifier, place, `Account ${accountId}`, row)),
    ...when(master === undefined, 'missing-row', place, `Account ${accountId} has no master key`),
    ...when(
      counter === undefined,
      'missing-row',
      place,
      `Account ${accountId} exists, but there is no counter of accounts`,
    ),
    ...when(
      proof === undefined,
      'missing-row',
      place,
      `Account ${accountId} exists, but there is no proof of the keyring`,
    ),
    ...when(
      name === undefined && (await hasOtherWithoutName(verifier, row)),
      'contradiction',
      place,
      `Account ${accountId} is not the only one without a name`,
    ),
  ];
}

async function hasOtherWithoutName({ rows }: Verifier, { key }: Row<AccountRecord>): Promise<boolean> {
  let start: Uint8Array = new Uint8Array(0);
  for (;;) {
    const page = await rows.page('accounts', { start, end: undefined }, accountsPerPage);
    const last = page.at(-1);
    if (last === undefined) return false;
    for (const other of page)
      if (!('damaged' in other) && other.value.name === undefined && compareKeys(other.key, key) !== 0) return true;
    start = afterKey(keyOf(last));
  }
}

/** A key belongs to an account, and its secret opens. */
export async function checkApplicationKey(
  verifier: Verifier,
  row: Row<ApplicationKeyRecord>,
): Promise<readonly Fault[]> {
  const { core, rows } = verifier;
  const { key, value } = row;
  const { applicationKeyId, accountId, master } = value;
  const place = { table: 'applicationKeys' } as const;
  if (compareKeys(key, keys.applicationKeys(applicationKeyId)) !== 0)
    return [fault('misplaced', place, `The record of application key ${applicationKeyId} is under another key`)];
  const account = await rows.get('accounts', keys.accounts(accountId));
  const what = `Application key ${applicationKeyId}`;
  const sealed = await secretFault(place, what, async () => {
    (await openApplicationKey(core, applicationKeyId, value)).wipe();
  });
  return [
    ...(await proofFault(verifier, place, what, row)),
    ...when(
      account === undefined,
      'missing-row',
      place,
      `${what} belongs to account ${accountId}, which does not exist`,
    ),
    ...when(
      master !== (applicationKeyId === accountId),
      'contradiction',
      place,
      `${what} is ${master ? 'a master key but does not have' : 'not a master key but has'} its account's id`,
    ),
    ...sealed,
  ];
}
