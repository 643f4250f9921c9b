import { describe, expect, test } from 'vitest';
import { SecretBytes } from '@coffer/bytes';
import { MemoryKeyProvider } from '@coffer/envelope-crypto';
import { keys } from '@coffer/storage-ports';
import { createFixture, globalKeys, testStores } from '../../test/fixture.ts';
import { createStorage } from '../create-storage.ts';

const random = { bytes: (length: number) => new Uint8Array(length) };

describe('the proof of the keyring', () => {
  test('is written once and recognises the keys', async () => {
    const stores = testStores();
    const { recovery, accounts } = createStorage({ ...stores, random });
    expect(await recovery.identity()).toBeUndefined();
    expect(await recovery.checkKeyring()).toBe('missing_proof');
    const identity = await recovery.makeStore();
    expect(identity).toEqual({ storeId: '0'.repeat(32), formatVersion: 1, generation: '0'.repeat(32) });
    expect(await recovery.checkKeyring()).toBe('match');
    await accounts.bootstrap();
    expect(await recovery.makeStore()).toEqual(identity);
    expect(await recovery.identity()).toEqual(identity);
    expect(await recovery.checkKeyring()).toBe('match');
    const sameId = new MemoryKeyProvider([
      { id: 'key7', state: 'active', createdAt: 1, key: SecretBytes.copyOf(new Uint8Array(32)) },
    ]);
    for (const other of [globalKeys(8), sameId])
      expect(await createStorage({ ...stores, keys: other, random }).recovery.checkKeyring()).toBe('mismatch');
  });

  test('is missed where there is data', async () => {
    const { storage, metadata } = await createFixture();
    expect(await storage.recovery.checkKeyring()).toBe('missing_proof');
    await expect(storage.recovery.renewProof()).rejects.toMatchObject({ code: 'storage_unavailable' });
    await metadata.commit({
      expectations: [],
      writes: [{ table: 'storeIdentity', key: keys.storeIdentity(), delete: true }],
    });
    await expect(storage.recovery.makeStore()).rejects.toMatchObject({ code: 'storage_unavailable' });
  });

  test('moves to the active key, so that an older one can be destroyed', async () => {
    const stores = testStores();
    await createStorage({ ...stores, random }).recovery.makeStore();
    const key = (byte: number) => SecretBytes.copyOf(new Uint8Array(32).fill(byte));
    const rotated = new MemoryKeyProvider([
      { id: 'key7', state: 'decrypt-only', createdAt: 1, key: key(7) },
      { id: 'key8', state: 'active', createdAt: 2, key: key(8) },
    ]);
    const { recovery } = createStorage({ ...stores, keys: rotated, random });
    expect(await recovery.checkKeyring()).toBe('match');
    expect((await stores.metadata.get('keyringCanary', keys.keyringCanary()))?.value.globalKeyId).toBe('key7');
    await recovery.renewProof();
    expect((await stores.metadata.get('keyringCanary', keys.keyringCanary()))?.value.globalKeyId).toBe('key8');
    expect(await createStorage({ ...stores, keys: globalKeys(8), random }).recovery.checkKeyring()).toBe('match');
  });
});
