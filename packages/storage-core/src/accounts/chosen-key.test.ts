import { SecretString } from '@coffer/bytes';
import { expect, test } from 'vitest';
import { createFixture } from '../../test/fixture.ts';

const applicationKeyId = 'AKIDEXAMPLE0123456789';
const text = async (opened: SecretString | Promise<SecretString>) => (await opened).expose((secret) => secret);

test('a chosen key has its id and secret, is made once, and takes another secret later', async () => {
  const { storage, accountId } = await createFixture();
  const wanted = {
    accountId,
    applicationKeyId,
    keyName: 'ci',
    capabilities: ['listBuckets'],
    bucketIds: null,
    namePrefix: null,
    validDurationInSeconds: null,
  } as const;
  const first = await storage.applicationKeys.keep({ ...wanted, secret: SecretString.of('first secret') });
  expect(await storage.applicationKeys.keep({ ...wanted, secret: SecretString.of('first secret') })).toEqual(first);
  const key = await storage.applicationKeys.forSigning(applicationKeyId);
  expect(await text(key!.openSecret())).toBe('first secret');
  const capabilities = ['listBuckets', 'readFiles'];
  await storage.applicationKeys.keep({ ...wanted, capabilities, secret: SecretString.of('second secret') });
  const again = await storage.applicationKeys.forSigning(applicationKeyId);
  expect(await text(again!.openSecret())).toBe('second secret');
  expect(again!.version).not.toBe(key!.version);
  expect([...again!.grant.capabilities]).toEqual(capabilities);
});

test('an id that no key can have, or that another account has, is refused', async () => {
  const { storage, accountId } = await createFixture();
  const secret = SecretString.of('a secret');
  const wanted = { keyName: 'ci', capabilities: [], bucketIds: null, namePrefix: null, validDurationInSeconds: null };
  const keep = (id: string, account: string) =>
    storage.applicationKeys.keep({ ...wanted, secret, accountId: account, applicationKeyId: id });
  for (const id of ['', 'short', accountId, 'has space 0123456789'])
    await expect(keep(id, accountId)).rejects.toMatchObject({ code: 'invalid' });
  await keep(applicationKeyId, accountId);
  const other = await storage.accounts.create({ name: 'other' });
  await expect(keep(applicationKeyId, other.accountId)).rejects.toMatchObject({ code: 'invalid' });
});
