import { keys, type AccountRecord } from '@coffer/storage-ports';
import { makeApplicationKeySecret, openApplicationKey } from '../encryption/application-key-secret.ts';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { makeAccountId } from '../core/identifiers.ts';
import { makeStoreIdentity } from '../core/store-identity.ts';
import type { AccountSummary, BootstrapOptions } from '../services/account-service.ts';
import type { AccountService, BootstrappedAccount } from '../services/storage.ts';
import { transact, type Transaction } from '../core/transaction.ts';
import { allAccounts, founderOf, masterKeyIn, requireMasterKey } from './account-rows.ts';
import { updateNamedMasterKeys, withCurrentSettings } from './master-keys.ts';
import { addAccount, createNamedAccount } from './new-account.ts';

export function accountService(core: Core): AccountService {
  return {
    bootstrap: (options = {}) => bootstrap(core, options),
    create: (account) => createNamedAccount(core, account),
    list: async () => (await allAccounts(core.metadata)).map(summaryOf),
    revealMasterKey: async (accountId) => openApplicationKey(core, accountId, await requireMasterKey(core, accountId)),
  };
}

function summaryOf({ accountId, name, createdAt }: AccountRecord): AccountSummary {
  return { accountId, name: name ?? null, createdAt };
}

async function bootstrap(core: Core, options: BootstrapOptions): Promise<BootstrappedAccount> {
  const { masterKey: wanted } = options;
  const fresh = wanted ?? makeApplicationKeySecret();
  const { account, others } = await transact(core.metadata, async (tx) => {
    // Read first and written last: of several processes that begin on an empty store only one makes an account.
    await tx.get('counters', keys.counters('account'));
    const accounts = await allAccounts(core.metadata);
    const founder = founderOf(accounts);
    const found =
      founder === undefined
        ? await makeFounder(core, tx, fresh, options.accountId ?? makeAccountId(core))
        : await findFounder(core, tx, founder, options);
    return { account: found, others: accounts };
  });
  if (wanted === undefined && account.secret === null) fresh.wipe();
  await updateNamedMasterKeys(core, others);
  return account;
}

async function makeFounder(
  core: Core,
  tx: Transaction,
  secret: NonNullable<BootstrappedAccount['secret']>,
  accountId: string,
): Promise<BootstrappedAccount> {
  await keepIdentity(core, tx);
  const masterKey = await addAccount(core, tx, { accountId, name: undefined, secret, number: 1 });
  return { accountId, masterKey, secret };
}

async function findFounder(
  core: Core,
  tx: Transaction,
  { accountId }: AccountRecord,
  { masterKey: wanted, accountId: wantedId = accountId }: BootstrapOptions,
): Promise<BootstrappedAccount> {
  const masterKey = await masterKeyIn(tx, accountId);
  if (wantedId !== accountId)
    throw failures.invalid('accountId', `The account of this store is ${accountId}, not ${wantedId}`);
  return { accountId, masterKey: await withCurrentSettings(core, tx, masterKey, wanted), secret: null };
}

/** Gives the store an identity if it has none: a store in memory gets it only now, with its first account. */
async function keepIdentity(core: Core, tx: Transaction): Promise<void> {
  if ((await tx.get('storeIdentity', keys.storeIdentity())) !== undefined) return;
  tx.put('storeIdentity', keys.storeIdentity(), makeStoreIdentity(core.random));
}
