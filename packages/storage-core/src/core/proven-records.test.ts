import { SecretString } from '@coffer/bytes';
import { keys, type TableName, type Write } from '@coffer/storage-ports';
import { describe, expect, test } from 'vitest';
import { requireProof } from './proven-records.ts';
import { createFixture, uploadTo, type Fixture } from '../../test/fixture.ts';

interface Scene extends Fixture {
  /** Everything that a caller can do with the record; each must be refused. */
  readonly uses: Readonly<Record<string, () => Promise<unknown>>>;
  readonly key: Uint8Array;
}

const notificationRule = {
  name: 'tell-them',
  eventTypes: ['b2:ObjectCreated:*'],
  objectNamePrefix: '',
  isEnabled: true,
  maxEventsPerBatch: 1,
  target: { url: 'https://example.com/', customHeaders: null, signingSecret: null },
};

const scenes: Partial<Record<TableName, () => Promise<Scene>>> = {
  buckets: async () => {
    const fixture = await createFixture({ bucket: { fileLockEnabled: true } });
    const { storage, bucket } = fixture;
    const { bucketId, name } = bucket;
    const file = await uploadTo(fixture, 'a');
    const uses = {
      get: () => storage.buckets.get(bucketId),
      getByName: () => storage.buckets.getByName(name),
      list: () => storage.buckets.list({ accountId: bucket.accountId }),
      update: () => storage.buckets.update(bucketId, { type: 'allPublic' }),
      delete: () => storage.buckets.delete(bucketId),
      upload: () => uploadTo(fixture, 'b'),
      hide: () => storage.files.hide(bucketId, 'a'),
      deleteVersion: () => storage.files.deleteVersion({ ...file, bypassGovernance: true }),
      hold: () => storage.locks.updateLegalHold(file, 'on'),
      listNames: () => storage.listings.names({ bucketId, limit: 1 }),
    };
    return { ...fixture, uses, key: keys.buckets(bucketId) };
  },
  bucketNames: async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    const uses = { getByName: () => storage.buckets.getByName(bucket.name) };
    return { ...fixture, uses, key: keys.bucketNames(bucket.name) };
  },
  applicationKeys: async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    const { accountId, bucketId } = bucket;
    const restriction = { capabilities: ['readFiles'], bucketIds: [bucketId], namePrefix: 'a/' };
    const made = await storage.applicationKeys.create({
      ...restriction,
      accountId,
      keyName: 'restricted',
      validDurationInSeconds: 1_000,
    });
    const { applicationKeyId } = made.key;
    const token = await storage.tokens.issueAccountToken(made.key);
    const uses = {
      authenticate: () => storage.applicationKeys.authenticate(applicationKeyId, made.secret),
      guess: () =>
        storage.applicationKeys.authenticate(applicationKeyId, SecretString.copyOfUtf8(Buffer.from('wrong'))),
      sign: () => storage.applicationKeys.forSigning(applicationKeyId),
      token: () => storage.tokens.checkAccountToken(token),
      download: () => storage.tokens.checkDownloadToken(token),
      get: () => storage.applicationKeys.get(accountId, applicationKeyId),
      list: () => storage.applicationKeys.list({ accountId, limit: 10 }),
      delete: () => storage.applicationKeys.delete(accountId, applicationKeyId),
    };
    return { ...fixture, uses, key: keys.applicationKeys(applicationKeyId) };
  },
  accounts: async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    return {
      ...fixture,
      uses: {
        bootstrap: () => storage.accounts.bootstrap(),
        create: () => storage.accounts.create({ name: 'another' }),
        list: () => storage.accounts.list(),
      },
      key: keys.accounts(bucket.accountId),
    };
  },
  notificationRules: async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    const { bucketId } = bucket;
    await storage.notifications.setRules(bucketId, [notificationRule]);
    const uses = {
      get: () => storage.notifications.getRules(bucketId),
      set: () => storage.notifications.setRules(bucketId, [notificationRule]),
      upload: () => uploadTo(fixture, 'a'),
    };
    return { ...fixture, uses, key: keys.notificationRules(bucketId) };
  },
};

/** Another value of the same type, so that nothing but the proof tells that it was changed. */
function another(value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'string') return value === 'allPrivate' ? 'allPublic' : `${value}f`;
  if (value instanceof Uint8Array) return value.map((byte) => byte ^ 1);
  if (Array.isArray(value)) return value.length === 0 ? ['*'] : value.slice(1);
  if (value === null) return [];
  return Object.fromEntries(Object.entries({ more: '', ...value }).map(([name, inner]) => [name, another(inner)]));
}

describe.each(Object.entries(scenes))('a record of %s that was changed at rest', (name, open) => {
  const table = name as TableName;

  test('grants nothing, whatever of it was changed', async () => {
    const { metadata, uses, key } = await open();
    const stored = (await metadata.get(table, key))!.value as unknown as Record<string, unknown>;
    const put = (record: object) =>
      metadata.commit({ expectations: [], writes: [{ table, key, put: record } as unknown as Write] });
    const { proof, ...withoutProof } = stored;
    const changed: Record<string, object> = {
      'no proof': withoutProof,
      'one more field': { ...stored, more: true },
      'another key': { ...stored, proof: { ...(proof as object), globalKeyId: 'key8' } },
    };
    for (const [field, value] of Object.entries(stored)) {
      changed[`another ${field}`] = { ...stored, [field]: another(value) };
      if (field !== 'proof' && value !== null) changed[`no ${field}`] = { ...stored, [field]: null };
    }
    const answers: string[] = [];
    for (const [what, record] of Object.entries(changed)) {
      await put(record);
      for (const [use, call] of Object.entries(uses))
        answers.push(
          await call().then(
            () => `${what}: ${use} went through`,
            (error: unknown) => (error as { code: string }).code,
          ),
        );
    }
    expect([...new Set(answers)].filter((code) => code !== 'storage_unavailable' && code !== 'record_damaged')).toEqual(
      [],
    );
    await put(stored);
    for (const call of Object.values(uses).slice(0, 1)) await call();
  });

  test('is proven for its own place only', async () => {
    const scene = await open();
    const { value } = (await scene.metadata.get(table, scene.key))!;
    await requireProof(scene.keys, table, scene.key, value);
    for (const key of [scene.key.subarray(1), Uint8Array.of(...scene.key, 0)])
      await expect(requireProof(scene.keys, table, key, value)).rejects.toMatchObject({ code: 'record_damaged' });
  });
});
