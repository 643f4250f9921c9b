import { SecretString } from '@coffer/bytes';
import { describe, expect, test } from 'vitest';
import { createFixture, type Fixture } from '../../test/fixture.ts';

function newKey({ storage, accountId }: Fixture, changes: { validDurationInSeconds?: number } = {}) {
  return storage.applicationKeys.create({
    ...{ accountId, keyName: 'signs', capabilities: ['readFiles'], bucketIds: null, namePrefix: 'a/' },
    validDurationInSeconds: null,
    ...changes,
  });
}

describe('a key for signatures', () => {
  test('has the rights and the secret of its id', async () => {
    const fixture = await createFixture();
    const { key, secret } = await newKey(fixture);
    const found = await fixture.storage.applicationKeys.forSigning(key.applicationKeyId);
    expect(found?.grant).toMatchObject({ key, accountId: fixture.accountId, bucketIds: null, namePrefix: 'a/' });
    expect([...found!.grant.capabilities]).toEqual(['readFiles']);
    expect(found!.grant.key.master).toBe(false);
    expect((await found!.openSecret()).equals(secret)).toBe(true);
  });

  test('is found for every account, and says which keys are master keys', async () => {
    const { storage, accountId } = await createFixture();
    const other = await storage.accounts.create({ name: 'other' });
    for (const id of [accountId, other.accountId])
      expect((await storage.applicationKeys.forSigning(id))?.grant).toMatchObject({
        accountId: id,
        key: { master: true },
      });
    expect((await (await storage.applicationKeys.forSigning(other.accountId))!.openSecret()).equals(other.secret)).toBe(
      true,
    );
  });

  test('is none for an id that is unknown or impossible, and for a key that is deleted or has expired', async () => {
    const fixture = await createFixture();
    const { applicationKeys } = fixture.storage;
    for (const id of ['', 'unknown', '0'.repeat(25), 'a b', 'x'.repeat(10_000)])
      expect(await applicationKeys.forSigning(id)).toBeUndefined();
    const { key } = await newKey(fixture);
    await applicationKeys.delete(fixture.accountId, key.applicationKeyId);
    expect(await applicationKeys.forSigning(key.applicationKeyId)).toBeUndefined();
    const { key: brief } = await newKey(fixture, { validDurationInSeconds: 10 });
    fixture.clock.advance(9_999);
    expect(await applicationKeys.forSigning(brief.applicationKeyId)).toBeDefined();
    fixture.clock.advance(1);
    expect(await applicationKeys.forSigning(brief.applicationKeyId)).toBeUndefined();
  });

  test('has the same version until its secret is replaced', async () => {
    const { storage, accountId } = await createFixture();
    const version = async () => (await storage.applicationKeys.forSigning(accountId))!.version;
    const versions = new Set([await version(), await version()]);
    expect(versions.size).toBe(1);
    for (const secret of ['K001-first', 'K001-second', 'K001-first']) {
      await storage.accounts.bootstrap({ masterKey: SecretString.of(secret) });
      versions.add(await version());
    }
    expect(versions.size).toBe(4);
  });
});
