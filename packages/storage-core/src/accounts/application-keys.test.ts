import { describe, expect, test } from 'vitest';
import { SecretString } from '@coffer/bytes';
import { createFixture, testStores, type Fixture } from '../../test/fixture.ts';
import { masterKeyCapabilities } from './capabilities.ts';
import { systemRandom } from '@coffer/storage-ports';
import { createStorage } from '../create-storage.ts';
import type { NewApplicationKey } from '../services/storage.ts';

function wanted({ accountId }: Fixture, changes: Partial<NewApplicationKey> = {}): NewApplicationKey {
  const base = { keyName: 'test', capabilities: ['readFiles'], bucketIds: null, namePrefix: null };
  return { accountId, ...base, validDurationInSeconds: null, ...changes };
}

describe('application keys', () => {
  test('have B2’s shape, and their secret is kept nowhere in clear', async () => {
    const fixture = await createFixture();
    const { key, secret } = await fixture.storage.applicationKeys.create(wanted(fixture));
    expect(key.applicationKeyId).toMatch(new RegExp(`^001${fixture.accountId.slice(0, 6)}[0-9a-f]{16}$`));
    const text = secret.expose((value) => value);
    expect(text).toMatch(/^K001[A-Za-z0-9_-]{27}$/);
    expect(Buffer.from(key.sealedSecret).includes(text.slice(4))).toBe(false);
    expect(JSON.stringify({ key, secret })).not.toContain(text);
    expect(await fixture.storage.applicationKeys.authenticate(key.applicationKeyId, secret)).toEqual(key);
    expect(await fixture.storage.applicationKeys.get(fixture.accountId, key.applicationKeyId)).toEqual(key);
  });

  test.each([
    'another secret',
    'a shorter secret',
    'an unknown id',
    'a malformed id',
    'after its end',
    'after its deletion',
  ])('with %s are refused', async (what) => {
    const fixture = await createFixture();
    const { applicationKeys } = fixture.storage;
    const { key, secret } = await applicationKeys.create(wanted(fixture, { validDurationInSeconds: 10 }));
    let id = key.applicationKeyId;
    let given = secret;
    if (what === 'another secret') given = SecretString.of('K001'.padEnd(31, 'x'));
    if (what === 'a shorter secret') given = SecretString.of('');
    if (what === 'an unknown id') id = `001${'0'.repeat(22)}`;
    if (what === 'a malformed id') id = '\u0000'.repeat(5_000);
    if (what === 'after its end') fixture.clock.advance(10_000);
    if (what === 'after its deletion') await applicationKeys.delete(fixture.accountId, id);
    await expect(applicationKeys.authenticate(id, given)).rejects.toMatchObject({ code: 'bad_credentials' });
  });

  test('made at once all get their own id', async () => {
    const fixture = await createFixture();
    const made = await Promise.all(
      Array.from({ length: 8 }, () => fixture.storage.applicationKeys.create(wanted(fixture))),
    );
    expect(new Set(made.map(({ key }) => key.applicationKeyId)).size).toBe(8);
  });

  test('are listed by id in pages, without the master key, expired keys and those of too many buckets', async () => {
    const fixture = await createFixture();
    const { storage, accountId, bucket } = fixture;
    const other = await storage.buckets.create({ accountId, name: 'other-one', type: 'allPrivate', settings: {} });
    const made: string[] = [];
    for (const changes of [
      {},
      { validDurationInSeconds: 1 },
      { bucketIds: [bucket.bucketId, other.bucketId] },
      { bucketIds: [bucket.bucketId] },
    ])
      made.push((await storage.applicationKeys.create(wanted(fixture, changes))).key.applicationKeyId);
    fixture.clock.advance(1_000);
    const [first, expired, ofTwo, ofOne] = made;
    const all = [first!, ofTwo!, ofOne!].toSorted();
    const ofFew = [first!, ofOne!].toSorted();
    const list = async (query: { startId?: string; maximumBucketIds?: number }) => {
      const page = await storage.applicationKeys.list({ accountId, limit: 2, ...query });
      return [page.keys.map((key) => key.applicationKeyId), page.nextId];
    };
    expect(await list({})).toEqual([all.slice(0, 2), all[2]]);
    expect(await list({ startId: all[2]! })).toEqual([[all[2]], null]);
    expect(await list({ maximumBucketIds: 1 })).toEqual([ofFew, null]);
    await expect(storage.applicationKeys.get(accountId, expired!)).rejects.toMatchObject({
      code: 'application_key_missing',
    });
  });

  test('are refused for buckets that are not there, and the master key is not deleted', async () => {
    const fixture = await createFixture();
    const { applicationKeys } = fixture.storage;
    await expect(applicationKeys.create(wanted(fixture, { bucketIds: ['0'.repeat(24)] }))).rejects.toMatchObject({
      code: 'bucket_missing',
    });
    for (const id of [fixture.accountId, 'unknown'])
      await expect(applicationKeys.delete(fixture.accountId, id)).rejects.toMatchObject({
        code: 'application_key_missing',
      });
  });
});

describe('bootstrap', () => {
  test('makes the account once, also when two processes begin at the same time', async () => {
    const fixture = await createFixture();
    const again = await fixture.storage.accounts.bootstrap();
    expect(again).toMatchObject({ accountId: fixture.accountId, secret: null, masterKey: { master: true } });
    expect(again.masterKey.capabilities).toEqual(masterKeyCapabilities);
    const secret = await fixture.storage.accounts.revealMasterKey(fixture.accountId);
    expect(await fixture.storage.applicationKeys.authenticate(fixture.accountId, secret)).toEqual(again.masterKey);
  });

  test('of an empty store by several at once gives one account', async () => {
    const stores = testStores();
    const results = await Promise.all(
      [1, 2, 3].map((byte) =>
        createStorage({
          ...stores,
          random: { bytes: (length) => new Uint8Array(length).fill(byte) },
        }).accounts.bootstrap(),
      ),
    );
    expect(new Set(results.map((result) => result.accountId)).size).toBe(1);
    expect(results.filter((result) => result.secret !== null)).toHaveLength(1);
  });

  test('gives the account the id that is given, and refuses another one afterwards, changing nothing', async () => {
    const { accounts, applicationKeys } = createStorage({ ...testStores(), random: systemRandom });
    const accountId = '0123456789ab';
    const given = () => SecretString.of('a secret of the operator');
    const { masterKey } = await accounts.bootstrap({ accountId, masterKey: given() });
    expect(masterKey).toMatchObject({ applicationKeyId: accountId, accountId });
    expect((await accounts.bootstrap({ accountId })).masterKey).toEqual(masterKey);
    const other = { accountId: 'ba9876543210', masterKey: SecretString.of('another secret') };
    await expect(accounts.bootstrap(other)).rejects.toMatchObject({ code: 'invalid', details: { field: 'accountId' } });
    expect(await applicationKeys.authenticate(accountId, given())).toEqual(masterKey);
  });

  test('sets the master key’s secret to the one that is given', async () => {
    const fixture = await createFixture();
    const { accounts, applicationKeys } = fixture.storage;
    const before = await accounts.revealMasterKey(fixture.accountId);
    const given = () => SecretString.of('a secret of the operator');
    const { masterKey } = await accounts.bootstrap({ masterKey: given() });
    expect(await applicationKeys.authenticate(fixture.accountId, given())).toEqual(masterKey);
    await expect(applicationKeys.authenticate(fixture.accountId, before)).rejects.toMatchObject({
      code: 'bad_credentials',
    });
    expect((await accounts.bootstrap({ masterKey: given() })).masterKey).toEqual(masterKey);
  });
});
