import { keys, type ApplicationKeyRecord } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { transact, type Transaction } from '../core/transaction.ts';
import { openApplicationKey, sealApplicationKey } from '../encryption/application-key-secret.ts';
import type { ChosenApplicationKey } from '../services/storage.ts';
import { newKeyRecord } from './new-key-record.ts';

/** The ids that keys of B2 and of AWS have; not those of accounts, which are 12 hexadecimal digits. */
const idShape = /^[A-Za-z0-9]{16,128}$/;

/** `ApplicationKeyService.keep`. */
export async function keepChosenKey(core: Core, chosen: ChosenApplicationKey): Promise<ApplicationKeyRecord> {
  const { applicationKeyId } = chosen;
  if (!idShape.test(applicationKeyId))
    throw failures.invalid('applicationKeyId', 'An application key id is 16 to 128 letters and digits');
  return transact(core.metadata, async (tx) => {
    const key = keys.applicationKeys(applicationKeyId);
    const current = await tx.get('applicationKeys', key);
    if (current !== undefined && (current.accountId !== chosen.accountId || current.master))
      throw failures.invalid('applicationKeyId', 'There is an application key of another account with this id');
    if (current !== undefined && (await isAsChosen(core, current, chosen))) return current;
    const kept = await keptRecord(core, tx, current, chosen);
    tx.put('applicationKeys', key, kept);
    return kept;
  });
}

async function keptRecord(
  core: Core,
  tx: Transaction,
  current: ApplicationKeyRecord | undefined,
  chosen: ChosenApplicationKey,
): Promise<ApplicationKeyRecord> {
  await core.monitor.requireWritable();
  const { applicationKeyId, secret } = chosen;
  const sealed = await sealApplicationKey(core, applicationKeyId, secret);
  const made = await newKeyRecord(core, tx, chosen, applicationKeyId, sealed);
  if (current === undefined) return made;
  // The count ends the tokens of the secret before.
  return { ...made, createdAt: current.createdAt, secretReplacements: (current.secretReplacements ?? 0) + 1 };
}

async function isAsChosen(
  core: Core,
  current: ApplicationKeyRecord,
  { applicationKeyId, capabilities, secret }: ChosenApplicationKey,
): Promise<boolean> {
  if (current.capabilities.join() !== capabilities.join()) return false;
  const opened = await openApplicationKey(core, applicationKeyId, current);
  try {
    return opened.equals(secret);
  } finally {
    opened.wipe();
  }
}
