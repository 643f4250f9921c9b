import { constantTimeEqual } from '@coffer/bytes';
import { EnvelopeError } from '@coffer/envelope-crypto';
import { keys, type KeyringCanary } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { transact, type Transaction } from '../core/transaction.ts';

type Outcome = 'new' | 'match' | 'mismatch' | 'missing_proof';

const message = new TextEncoder().encode('coffer keyring');

/** `RecoveryService.checkKeyring`. */
export async function checkKeyring(core: Core): Promise<Outcome> {
  return transact(core.metadata, async (tx) => {
    const canary = await tx.get('keyringCanary', keys.keyringCanary());
    if (canary === undefined && (await hasData(tx))) return 'missing_proof';
    if (canary !== undefined && !(await isGenuine(core, canary))) return 'mismatch';
    await renewProof(core, tx, canary);
    return canary === undefined ? 'new' : 'match';
  });
}

/** Proves with the active key, so that the proof outlives the destruction of an older one. */
async function renewProof(core: Core, tx: Transaction, canary: KeyringCanary | undefined): Promise<void> {
  const globalKeyId = await core.keys.activeKeyId();
  if (canary?.globalKeyId === globalKeyId) return;
  const mac = await core.keys.mac(globalKeyId, 'coffer/canary/v1', message);
  tx.put('keyringCanary', keys.keyringCanary(), { globalKeyId, mac });
}

async function isGenuine(core: Core, { globalKeyId, mac }: KeyringCanary): Promise<boolean> {
  try {
    return constantTimeEqual(await core.keys.mac(globalKeyId, 'coffer/canary/v1', message), mac);
  } catch (error) {
    if (error instanceof EnvelopeError) return false;
    throw error;
  }
}

async function hasData(tx: Transaction): Promise<boolean> {
  const accounts = await tx.scan('accounts', { start: new Uint8Array(0), end: undefined, limit: 1 });
  return accounts.length > 0;
}
