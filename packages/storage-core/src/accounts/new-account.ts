import type { SecretString } from '@coffer/bytes';
import { keys, type AccountRecord, type ApplicationKeyRecord } from '@coffer/storage-ports';
import { makeApplicationKeySecret, sealApplicationKey } from '../encryption/application-key-secret.ts';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { makeAccountId } from '../core/identifiers.ts';
import { transact, type Transaction } from '../core/transaction.ts';
import type { NewAccount } from '../services/account-service.ts';
import { requireAccountName } from './account-name.ts';
import { allAccounts } from './account-rows.ts';
import { masterKeyCapabilities } from './capabilities.ts';

/** `AccountService.create`. */
export async function createNamedAccount(core: Core, wanted: { readonly name: string }): Promise<NewAccount> {
  const name = requireAccountName(wanted.name);
  await core.monitor.requireWritable();
  const secret = makeApplicationKeySecret();
  try {
    const masterKey = await transact(core.metadata, async (tx) => {
      // Every creation writes the counter, so no other account can get the same name between reading and committing.
      const counter = await tx.get('counters', keys.counters('account'));
      if (counter === undefined)
        throw failures.invalid('accounts', 'The store has no account yet: it gets one when a server starts on it');
      await requireFreeName(core, name);
      return addAccount(core, tx, { accountId: makeAccountId(core), name, secret, number: counter.last + 1 });
    });
    return { accountId: masterKey.accountId, masterKey, secret };
  } catch (error) {
    secret.wipe();
    throw error;
  }
}

async function requireFreeName(core: Core, name: string): Promise<void> {
  const accounts = await allAccounts(core.metadata);
  if (accounts.some((account) => account.name === name))
    throw failures.invalid('name', 'There is an account of that name already');
}

interface AccountToAdd {
  readonly accountId: string;
  /** Undefined: the account that the store is made for. */
  readonly name: string | undefined;
  readonly secret: SecretString;
  /** How many accounts have been made, with this one. */
  readonly number: number;
}

/** Writes the records of an account: its own, its master key's, and the counter of accounts. Gives the master key. */
export async function addAccount(
  core: Core,
  tx: Transaction,
  { accountId, name, secret, number }: AccountToAdd,
): Promise<ApplicationKeyRecord> {
  const createdAt = core.clock.now();
  const account: AccountRecord = name === undefined ? { accountId, createdAt } : { accountId, name, createdAt };
  const masterKey: ApplicationKeyRecord = {
    applicationKeyId: accountId,
    accountId,
    keyName: 'master',
    master: true,
    capabilities: masterKeyCapabilities,
    bucketIds: null,
    namePrefix: null,
    expirationTimestamp: null,
    ...(await sealApplicationKey(core, accountId, secret)),
    createdAt,
  };
  tx.expectAbsent('accounts', keys.accounts(accountId));
  tx.put('counters', keys.counters('account'), { last: number });
  tx.put('accounts', keys.accounts(accountId), account);
  tx.put('applicationKeys', keys.applicationKeys(accountId), masterKey);
  return masterKey;
}
