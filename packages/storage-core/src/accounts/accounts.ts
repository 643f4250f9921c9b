import type { SecretString } from '@coffer/bytes';
import { keys, type ApplicationKeyRecord } from '@coffer/storage-ports';
import {
  makeApplicationKeySecret,
  openApplicationKey,
  sealApplicationKey,
} from '../encryption/application-key-secret.ts';
import { masterKeyCapabilities } from './capabilities.ts';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { makeAccountId } from '../core/identifiers.ts';
import { makeStoreIdentity } from '../core/store-identity.ts';
import type { BootstrapOptions } from '../services/account-service.ts';
import type { AccountService, BootstrappedAccount } from '../services/storage.ts';
import { transact, type Transaction } from '../core/transaction.ts';

export function accountService(core: Core): AccountService {
  return {
    bootstrap: (options = {}) => bootstrap(core, options),
    revealMasterKey: async (accountId) => {
      const stored = await core.metadata.get('applicationKeys', keys.applicationKeys(accountId));
      if (stored?.value.master !== true) throw failures.applicationKeyMissing(accountId);
      return openApplicationKey(core, accountId, stored.value);
    },
  };
}

async function bootstrap(core: Core, { masterKey: wanted, accountId }: BootstrapOptions): Promise<BootstrappedAccount> {
  const fresh = wanted ?? makeApplicationKeySecret();
  const bootstrapped = await transact(core.metadata, async (tx) => {
    // Read first and written last: of several processes that begin on an empty store only one makes an account.
    await tx.get('counters', keys.counters('account'));
    const masterKey = await findMasterKey(tx);
    if (masterKey === undefined) return createAccount(core, tx, { secret: fresh, accountId });
    if (accountId !== undefined && accountId !== masterKey.accountId)
      throw failures.invalid('accountId', `The account of this store is ${masterKey.accountId}, not ${accountId}`);
    const current = await withCurrentSettings(core, tx, masterKey, wanted);
    return { accountId: masterKey.accountId, masterKey: current, secret: null };
  });
  if (wanted === undefined && bootstrapped.secret === null) fresh.wipe();
  return bootstrapped;
}

async function findMasterKey(tx: Transaction): Promise<ApplicationKeyRecord | undefined> {
  const [account] = await tx.scan('accounts', { start: new Uint8Array(0), end: undefined, limit: 1 });
  if (account === undefined) return undefined;
  const key = keys.applicationKeys(account.value.accountId);
  const masterKey = await tx.get('applicationKeys', key);
  // A damaged master key is refused: making a second account in its place is not what anybody asked for.
  if (masterKey?.master !== true) throw failures.recordDamaged('applicationKeys', key);
  return masterKey;
}

async function createAccount(
  core: Core,
  tx: Transaction,
  {
    secret,
    accountId = makeAccountId(core),
  }: { readonly secret: SecretString; readonly accountId: string | undefined },
): Promise<BootstrappedAccount> {
  const createdAt = core.clock.now();
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
  await keepIdentity(core, tx);
  tx.put('counters', keys.counters('account'), { last: 1 });
  tx.put('accounts', keys.accounts(accountId), { accountId, createdAt });
  tx.put('applicationKeys', keys.applicationKeys(accountId), masterKey);
  return { accountId, masterKey, secret };
}

/** Gives the store an identity if it has none: a store in memory gets it only now, with its first account. */
async function keepIdentity(core: Core, tx: Transaction): Promise<void> {
  if ((await tx.get('storeIdentity', keys.storeIdentity())) !== undefined) return;
  tx.put('storeIdentity', keys.storeIdentity(), makeStoreIdentity(core.random));
}

/** The master key with the secret that the operator set, and with the capabilities of this version of the server. */
async function withCurrentSettings(
  core: Core,
  tx: Transaction,
  masterKey: ApplicationKeyRecord,
  wanted: SecretString | undefined,
): Promise<ApplicationKeyRecord> {
  const replaceSecret = wanted !== undefined && !(await isSecretOf(core, masterKey, wanted));
  if (!replaceSecret && sameTexts(masterKey.capabilities, masterKeyCapabilities)) return masterKey;
  const current: ApplicationKeyRecord = {
    ...masterKey,
    capabilities: masterKeyCapabilities,
    ...(replaceSecret && (await replacedSecret(core, masterKey, wanted))),
  };
  tx.put('applicationKeys', keys.applicationKeys(masterKey.applicationKeyId), current);
  return current;
}

/** The members of the record with the new secret, and with the count that ends the tokens of the old one. */
async function replacedSecret(
  core: Core,
  { applicationKeyId, secretReplacements = 0 }: ApplicationKeyRecord,
  wanted: SecretString,
): Promise<Partial<ApplicationKeyRecord>> {
  return {
    ...(await sealApplicationKey(core, applicationKeyId, wanted)),
    secretReplacements: secretReplacements + 1,
  };
}

async function isSecretOf(core: Core, key: ApplicationKeyRecord, secret: SecretString): Promise<boolean> {
  const current = await openApplicationKey(core, key.applicationKeyId, key);
  const same = current.equals(secret);
  current.wipe();
  return same;
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}
