import { constantTimeEqual } from '@coffer/bytes';
import { EnvelopeError } from '@coffer/envelope-crypto';
import { keys, type KeyringCanary, type StoreIdentity } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { makeStoreIdentity } from '../core/store-identity.ts';
import { transact, type Transaction } from '../core/transaction.ts';
import type { RecoveryService } from '../services/storage.ts';

const message = new TextEncoder().encode('coffer keyring');

/** What making a store takes: its metadata, empty, and the keys that protect it. */
export type StoreMakings = Pick<Core, 'metadata' | 'keys' | 'random'>;

/** `RecoveryService.makeStore`, also where there are no blobs yet. */
export async function makeStore(core: StoreMakings): Promise<StoreIdentity> {
  return transact(core.metadata, async (tx) => {
    const identity = await tx.get('storeIdentity', keys.storeIdentity());
    if (identity !== undefined) return identity;
    if (await hasData(tx)) throw failures.storageUnavailable(new Error('The metadata has data and no store identity'));
    const fresh = makeStoreIdentity(core.random);
    tx.put('storeIdentity', keys.storeIdentity(), fresh);
    tx.put('keyringCanary', keys.keyringCanary(), await prove(core));
    return fresh;
  });
}

/** `RecoveryService.checkKeyring`. */
export async function checkKeyring(core: Core): ReturnType<RecoveryService['checkKeyring']> {
  const canary = (await core.metadata.get('keyringCanary', keys.keyringCanary()))?.value;
  if (canary === undefined) return 'missing_proof';
  return (await isGenuine(core, canary)) ? 'match' : 'mismatch';
}

/** `RecoveryService.renewProof`. */
export async function renewProof(core: Core): Promise<void> {
  await transact(core.metadata, async (tx) => {
    const canary = await tx.get('keyringCanary', keys.keyringCanary());
    if (canary === undefined || !(await isGenuine(core, canary)))
      throw failures.storageUnavailable(new Error('The keyring is not the one that the store was made with'));
    if (canary.globalKeyId === (await core.keys.activeKeyId())) return;
    tx.put('keyringCanary', keys.keyringCanary(), await prove(core));
  });
}

async function prove(core: Pick<Core, 'keys'>): Promise<KeyringCanary> {
  const globalKeyId = await core.keys.activeKeyId();
  return { globalKeyId, mac: await core.keys.mac(globalKeyId, 'coffer/canary/v1', message) };
}

/** Whether the proof was made with the keys at hand. */
export async function isGenuine(core: Core, { globalKeyId, mac }: KeyringCanary): Promise<boolean> {
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
