import { expect, test } from 'vitest';
import type { ApplicationKeyRecord } from '@coffer/storage-ports';
import { createFixture } from '../../test/fixture.ts';
import { coversBucket, coversName, grantOf } from './grant.ts';

async function keyWith(restriction: Partial<ApplicationKeyRecord>): Promise<ApplicationKeyRecord> {
  const { storage, accountId } = await createFixture();
  const wanted = { accountId, keyName: 'k', capabilities: ['listFiles', 'readFiles'] };
  const everywhere = { bucketIds: null, namePrefix: null, validDurationInSeconds: null };
  const { key, secret } = await storage.applicationKeys.create({ ...wanted, ...everywhere });
  secret.wipe();
  return { ...key, ...restriction };
}

test('the grant of a key without restrictions covers every bucket and every name', async () => {
  const key = await keyWith({});
  const grant = grantOf(key);
  expect(grant).toMatchObject({ key, accountId: key.accountId, bucketIds: null, namePrefix: null });
  expect([...grant.capabilities]).toEqual(['listFiles', 'readFiles']);
  expect(coversBucket(grant, 'any')).toBe(true);
  for (const name of ['', 'a']) expect(coversName(grant, name)).toBe(true);
  expect(grantOf(key)).toBe(grant);
});

test('the grant of a restricted key covers its buckets, and the names and prefixes within its own', async () => {
  const grant = grantOf(await keyWith({ bucketIds: ['one', 'two'], namePrefix: 'p/' }));
  const buckets = ['one', 'two', 'three', 'on', ''];
  expect(buckets.filter((bucketId) => coversBucket(grant, bucketId))).toEqual(['one', 'two']);
  expect(['p/', 'p/a', 'p', 'q/', ''].filter((name) => coversName(grant, name))).toEqual(['p/', 'p/a']);
});
