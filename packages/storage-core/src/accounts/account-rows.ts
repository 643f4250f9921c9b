import { keys, type AccountRecord, type ApplicationKeyRecord, type MetadataStore } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { rowsOf } from '../core/table-pages.ts';
import type { Transaction } from '../core/transaction.ts';

const wholeTable = { start: new Uint8Array(0), end: undefined };

/** All accounts, in the order of their ids. */
export async function allAccounts(metadata: MetadataStore): Promise<AccountRecord[]> {
  const accounts: AccountRecord[] = [];
  for await (const { value } of rowsOf(metadata, 'accounts', wholeTable)) accounts.push(value);
  return accounts;
}

/**
 * The account that the store was made for: the one without a name. Undefined if there is no account at all.
 *
 * @throws StorageError `record_damaged` if several accounts have no name, or there are only accounts with one: making
 * an account in the place of a lost one is not what anybody asked for.
 */
export function founderOf(accounts: readonly AccountRecord[]): AccountRecord | undefined {
  const [founder, second] = accounts.filter(({ name }) => name === undefined);
  const odd = second ?? (founder === undefined ? accounts[0] : undefined);
  if (odd !== undefined) throw failures.recordDamaged('accounts', keys.accounts(odd.accountId));
  return founder;
}

/** @throws StorageError `record_damaged` if the account has no master key. */
export async function masterKeyIn(tx: Transaction, accountId: string): Promise<ApplicationKeyRecord> {
  const key = keys.applicationKeys(accountId);
  const masterKey = await tx.get('applicationKeys', key);
  if (masterKey?.master !== true) throw failures.recordDamaged('applicationKeys', key);
  return masterKey;
}

/** @throws StorageError `application_key_missing` if no account has that id. */
export async function requireMasterKey(core: Core, accountId: string): Promise<ApplicationKeyRecord> {
  const stored = await core.metadata.get('applicationKeys', keys.applicationKeys(accountId));
  if (stored?.value.master !== true) throw failures.applicationKeyMissing(accountId);
  return stored.value;
}
