import { keys, systemRandom, type AccountRecord, type Write } from '@coffer/storage-ports';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFixture, testStores } from '../../test/fixture.ts';
import { createStorage } from '../create-storage.ts';
import { provenMetadata } from '../core/proven-records.ts';
import { masterKeyCapabilities } from './capabilities.ts';

type Stores = ReturnType<typeof testStores>;

function open() {
  const stores = testStores();
  return { stores, storage: createStorage({ ...stores, random: systemRandom }) };
}

const firstId = '777777777777';

describe('a further account', () => {
  test('has a master key of its own, and is listed with the first', async () => {
    const { storage } = open();
    await storage.accounts.bootstrap({ accountId: firstId });
    const made = await storage.accounts.create({ name: 'Photos & more' });
    expect(made.masterKey).toMatchObject({ accountId: made.accountId, master: true, keyName: 'master' });
    expect(made.masterKey.capabilities).toEqual(masterKeyCapabilities);
    expect(await storage.applicationKeys.authenticate(made.accountId, made.secret)).toEqual(made.masterKey);
    const listed = await storage.accounts.list();
    const createdAt = expect.any(Number) as number;
    expect(listed).toHaveLength(2);
    expect(listed).toContainEqual({ accountId: firstId, name: null, createdAt });
    expect(listed).toContainEqual({ accountId: made.accountId, name: 'Photos & more', createdAt });
    expect((await storage.accounts.revealMasterKey(made.accountId)).equals(made.secret)).toBe(true);
  });

  test('leaves the record of the first account without a name', async () => {
    const { stores, storage } = open();
    await storage.accounts.bootstrap({ accountId: firstId });
    const before = await stores.metadata.get('accounts', keys.accounts(firstId));
    await storage.accounts.create({ name: 'two' });
    expect(await stores.metadata.get('accounts', keys.accounts(firstId))).toEqual(before);
    expect(Object.keys(before!.value)).not.toContain('name');
  });

  test('gets no name that there is, also when two are made at once', async () => {
    const { storage } = open();
    await storage.accounts.bootstrap();
    const results = await Promise.allSettled([1, 2, 3].map(() => storage.accounts.create({ name: 'caf\u00e9' })));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    // The same name, spelled with a combining accent.
    await expect(storage.accounts.create({ name: 'cafe\u0301' })).rejects.toMatchObject({
      code: 'invalid',
      details: { field: 'name' },
    });
    expect(await storage.accounts.list()).toHaveLength(2);
  });

  test('needs a printable name', async () => {
    const { storage } = open();
    await storage.accounts.bootstrap();
    for (const name of ['', 'a'.repeat(101), 'a\nb', 'a\u0000', ' a', 'a ', '\u200b', 'a\u2028b', '\ud800'])
      await expect(storage.accounts.create({ name }), JSON.stringify(name)).rejects.toMatchObject({ code: 'invalid' });
    await storage.accounts.create({ name: '😀'.repeat(100) });
  });

  test('is not made in a store without a first one', async () => {
    const { storage } = open();
    await expect(storage.accounts.create({ name: 'early' })).rejects.toMatchObject({ code: 'invalid' });
    expect(await storage.accounts.list()).toEqual([]);
  });
});

async function putAccount({ metadata }: Stores, record: AccountRecord): Promise<void> {
  const { accountId } = record;
  const write = { table: 'accounts', key: keys.accounts(accountId), put: record } as Write;
  await metadata.commit({ expectations: [], writes: [write] });
}

describe('the account that the store was made for', () => {
  test('is found whatever the ids of the others are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.string({ unit: 'grapheme-ascii' }), async (count, seed) => {
        const { storage } = open();
        await storage.accounts.bootstrap({ accountId: firstId });
        for (let at = 0; at < count; at++) await storage.accounts.create({ name: `${at}-${seed.trim()}`.slice(0, 99) });
        expect((await storage.accounts.bootstrap()).accountId).toBe(firstId);
        expect((await storage.accounts.bootstrap({ accountId: firstId })).accountId).toBe(firstId);
      }),
      { numRuns: 20 },
    );
  });

  test('is refused where it cannot be told, or is lost', async () => {
    const { stores, storage } = open();
    await storage.accounts.bootstrap({ accountId: firstId });
    const stored = await stores.metadata.get('accounts', keys.accounts(firstId));
    const other = open();
    await other.storage.accounts.bootstrap({ accountId: '888888888888' });
    // Both stores have the same keys, so the record has a right proof here, too.
    const second = await other.stores.metadata.get('accounts', keys.accounts('888888888888'));
    await putAccount(stores, second!.value);
    await expect(storage.accounts.bootstrap()).rejects.toMatchObject({ code: 'record_damaged' });

    await storage.accounts.create({ name: 'left' });
    for (const { accountId } of [stored!.value, second!.value]) {
      const write = { table: 'accounts', key: keys.accounts(accountId), delete: true } as const;
      await stores.metadata.commit({ expectations: [], writes: [write] });
    }
    await expect(storage.accounts.bootstrap()).rejects.toMatchObject({ code: 'record_damaged' });
    expect(await storage.accounts.list()).toMatchObject([{ name: 'left' }]);
  });

  test('gives the master keys of all accounts the capabilities of this version', async () => {
    const { stores, storage } = open();
    await storage.accounts.bootstrap();
    const made = await storage.accounts.create({ name: 'older' });
    const key = keys.applicationKeys(made.accountId);
    const older = { ...made.masterKey, capabilities: ['listKeys'] };
    await provenMetadata(stores.metadata, stores.keys).commit({
      expectations: [],
      writes: [{ table: 'applicationKeys', key, put: older }],
    });
    expect((await storage.applicationKeys.authenticate(made.accountId, made.secret)).capabilities).toEqual([
      'listKeys',
    ]);
    await storage.accounts.bootstrap();
    const again = await storage.applicationKeys.authenticate(made.accountId, made.secret);
    expect(again.capabilities).toEqual(masterKeyCapabilities);
  });
});

describe('the storage of one account', () => {
  test('has nothing of another, and the names of its buckets are taken', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    const { accountId } = await storage.accounts.create({ name: 'other' });
    const seen = storage.ofAccount(accountId);
    expect(storage.ofAccount(accountId)).toBe(seen);
    await expect(seen.buckets.get(bucket.bucketId)).rejects.toMatchObject({ code: 'bucket_missing' });
    await expect(seen.buckets.getByName(bucket.name)).rejects.toMatchObject({ code: 'bucket_name_missing' });
    await expect(seen.buckets.delete(bucket.bucketId)).rejects.toMatchObject({ code: 'bucket_missing' });
    const same = { accountId, name: bucket.name.toUpperCase(), type: 'allPrivate', settings: {} } as const;
    await expect(seen.buckets.create(same)).rejects.toMatchObject({ code: 'bucket_name_taken' });
    expect(await storage.ofAccount(fixture.accountId).buckets.get(bucket.bucketId)).toEqual(bucket);
  });

  test('has its own limit of buckets', async () => {
    const { storage } = await createFixture({ options: { maximumBuckets: 1 } });
    const { accountId } = await storage.accounts.create({ name: 'other' });
    const create = (name: string) =>
      storage.ofAccount(accountId).buckets.create({ accountId, name, type: 'allPrivate', settings: {} });
    await create('bucket-two');
    await expect(create('bucket-three')).rejects.toMatchObject({ code: 'too_many_buckets' });
  });
});
