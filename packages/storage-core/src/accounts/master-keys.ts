import type { SecretString } from '@coffer/bytes';
import { keys, type AccountRecord, type ApplicationKeyRecord } from '@coffer/storage-ports';
import { openApplicationKey, sealApplicationKey } from '../encryption/application-key-secret.ts';
import type { Core } from '../core/core.ts';
import { transact, type Transaction } from '../core/transaction.ts';
import { masterKeyIn } from './account-rows.ts';
import { masterKeyCapabilities } from './capabilities.ts';

/** The master key with the secret that the operator set, and with the capabilities of this version of the server. */
export async function withCurrentSettings(
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

/** Gives the master keys of all accounts that have a name the capabilities of this version of the server. */
export async function updateNamedMasterKeys(core: Core, accounts: readonly AccountRecord[]): Promise<void> {
  for (const { accountId, name } of accounts) {
    if (name === undefined) continue;
    await transact(core.metadata, async (tx) =>
      withCurrentSettings(core, tx, await masterKeyIn(tx, accountId), undefined),
    );
  }
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
