import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SecretBytes, SecretString } from '@coffer/bytes';
import { MemoryKeyProvider } from '@coffer/envelope-crypto';
import { keys, type ApplicationKeyRecord } from '@coffer/storage-ports';
import { createFixture, globalKeys, startTime, type Fixture } from '../../test/fixture.ts';
import { seededRandom } from '@coffer/storage-testkit';
import { renewGeneration } from '../core/store-identity.ts';
import { createStorage } from '../create-storage.ts';
import type { NewApplicationKey } from '../services/storage.ts';
import type { Grant } from '../services/token-service.ts';

const day = 86_400_000;

async function makeKey({ storage, accountId }: Fixture, changes: Partial<NewApplicationKey> = {}) {
  const { key } = await storage.applicationKeys.create({
    accountId,
    keyName: 'test',
    capabilities: ['listFiles', 'readFiles'],
    bucketIds: null,
    namePrefix: null,
    validDurationInSeconds: null,
    ...changes,
  });
  return key;
}

async function grantFor(fixture: Fixture, changes: Partial<NewApplicationKey> = {}): Promise<Grant> {
  const token = await fixture.storage.tokens.issueAccountToken(await makeKey(fixture, changes));
  return fixture.storage.tokens.checkAccountToken(token);
}

describe('account tokens', () => {
  test('grant what their key may do', async () => {
    const fixture = await createFixture();
    const bucketIds = [fixture.bucket.bucketId];
    const key = await makeKey(fixture, { bucketIds, namePrefix: 'a/' });
    const token = await fixture.storage.tokens.issueAccountToken(key);
    expect(token).toMatch(/^4_[0-9a-f]{25}_[A-Za-z0-9_-]+_acct$/);
    expect(encodeURIComponent(token)).toBe(token);
    expect(await fixture.storage.tokens.checkAccountToken(token)).toEqual({
      key,
      accountId: fixture.accountId,
      capabilities: new Set(['listFiles', 'readFiles']),
      bucketIds: new Set(bucketIds),
      namePrefix: 'a/',
    });
    expect(await fixture.storage.tokens.issueAccountToken(key)).not.toBe(token);
  });

  test('last a day, or as long as they were to, and never longer than their key', async () => {
    const fixture = await createFixture();
    const { tokens } = fixture.storage;
    const key = await makeKey(fixture);
    const short = await makeKey(fixture, { validDurationInSeconds: 5 });
    const cases = [
      [await tokens.issueAccountToken(key), day],
      [await tokens.issueAccountToken(key, { lifetimeSeconds: 60 }), 60_000],
      [await tokens.issueAccountToken(key, { lifetimeSeconds: 1_000_000 }), day],
      [await tokens.issueAccountToken(short), 5_000],
    ] as const;
    for (const [token, lifetime] of cases) {
      fixture.clock.advance(startTime + lifetime - 1 - fixture.clock.now());
      await expect(tokens.checkAccountToken(token)).resolves.toBeDefined();
      fixture.clock.advance(1);
      await expect(tokens.checkAccountToken(token)).rejects.toMatchObject({ code: 'token_expired' });
    }
  });
});

test('a token is not valid before it was made, but for a minute', async () => {
  const fixture = await createFixture();
  const { clock, storage } = fixture;
  const key = await makeKey(fixture);
  const token = await storage.tokens.issueAccountToken(key);
  clock.jump(-60_000);
  await expect(storage.tokens.checkAccountToken(token)).resolves.toBeDefined();
  clock.jump(-1);
  await expect(storage.tokens.checkAccountToken(token)).rejects.toMatchObject({ code: 'token_invalid' });
  await expect(storage.tokens.issueAccountToken(key)).resolves.toBeDefined();
});

/** A token of every kind, with what checks it. */
async function everyToken({ storage: { tokens }, bucket: { bucketId } }: Fixture, key: ApplicationKeyRecord) {
  const account = await tokens.issueAccountToken(key);
  const grant = await tokens.checkAccountToken(account);
  const upload = await tokens.issueUploadToken(grant, bucketId);
  const part = await tokens.issuePartToken(grant, 'file');
  const download = await tokens.issueDownloadToken(grant, { bucketId, namePrefix: '', overrides: {} }, 1_000);
  return [
    () => tokens.checkAccountToken(account),
    () => tokens.checkDownloadToken(account),
    () => tokens.checkUploadToken(upload, bucketId),
    () => tokens.checkPartToken(part, 'file'),
    () => tokens.checkDownloadToken(download),
  ];
}

describe('tokens of every kind', () => {
  test('end with their key, at once', async () => {
    const fixture = await createFixture();
    const key = await makeKey(fixture);
    const checks = await everyToken(fixture, key);
    const others = await everyToken(fixture, await makeKey(fixture));
    for (const check of [...checks, ...others]) await expect(check()).resolves.toBeDefined();
    await fixture.storage.applicationKeys.delete(fixture.accountId, key.applicationKeyId);
    for (const check of checks) await expect(check()).rejects.toMatchObject({ code: 'token_invalid' });
    for (const check of others) await expect(check()).resolves.toBeDefined();
  });

  test('end when the secret of the master key is replaced, each time, and not when it is set to what it is', async () => {
    const fixture = await createFixture();
    const { accounts } = fixture.storage;
    const set = async (secret: string) => (await accounts.bootstrap({ masterKey: SecretString.of(secret) })).masterKey;
    const others = await everyToken(fixture, await makeKey(fixture));
    let checks = await everyToken(fixture, (await accounts.bootstrap()).masterKey);
    for (const secret of ['one', 'two', 'one']) {
      const masterKey = await set(secret);
      for (const check of checks) await expect(check()).rejects.toMatchObject({ code: 'token_invalid' });
      checks = await everyToken(fixture, masterKey);
      await set(secret);
      await accounts.bootstrap();
      for (const check of [...checks, ...others]) await expect(check()).resolves.toBeDefined();
    }
  });
});

describe('bound tokens', () => {
  test('are good for one bucket, one large file or one download authorization only', async () => {
    const fixture = await createFixture();
    const { tokens } = fixture.storage;
    const grant = await grantFor(fixture);
    const bucketId = fixture.bucket.bucketId;
    const upload = await tokens.issueUploadToken(grant, bucketId);
    const part = await tokens.issuePartToken(grant, 'file');
    const authorization = { bucketId, namePrefix: 'ä/', overrides: { contentType: 'text/plain' } };
    const download = await tokens.issueDownloadToken(grant, authorization, 10);
    const account = await tokens.issueAccountToken(grant.key);

    expect((await tokens.checkUploadToken(upload, bucketId)).key).toEqual(grant.key);
    expect((await tokens.checkPartToken(part, 'file')).key).toEqual(grant.key);
    expect(await tokens.checkDownloadToken(download)).toEqual({
      kind: 'download',
      authorization: {
        accountId: fixture.accountId,
        applicationKeyId: grant.key.applicationKeyId,
        ...authorization,
      },
    });
    expect(await tokens.checkDownloadToken(account)).toEqual({ kind: 'account', grant });

    const wrong = [
      tokens.checkUploadToken(upload, 'other'),
      tokens.checkUploadToken(account, bucketId),
      tokens.checkPartToken(part, 'other'),
      tokens.checkPartToken(upload, bucketId),
      tokens.checkAccountToken(upload),
      tokens.checkAccountToken(download),
      tokens.checkDownloadToken(upload),
    ];
    for (const result of wrong) await expect(result).rejects.toMatchObject({ code: 'token_invalid' });
    fixture.clock.advance(10_000);
    await expect(tokens.checkDownloadToken(download)).rejects.toMatchObject({ code: 'token_expired' });
  });

  test('that carry too much are not issued', async () => {
    const fixture = await createFixture();
    const grant = await grantFor(fixture);
    const authorization = { bucketId: 'b', namePrefix: '', overrides: { contentType: 'x'.repeat(8_192) } };
    await expect(fixture.storage.tokens.issueDownloadToken(grant, authorization, 1)).rejects.toMatchObject({
      code: 'invalid',
    });
  });
});

describe('forgeries', () => {
  test('any changed, added or removed character is noticed', async () => {
    const fixture = await createFixture();
    const token = await fixture.storage.tokens.issueAccountToken(await makeKey(fixture));
    const alphabet = fc.constantFrom('A', 'B', 'Z', 'a', 'f', 'z', '0', '9', '-', '_', '=', '.');
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), alphabet, fc.nat(2), async (at, character, removed) => {
        const forged = token.slice(0, at) + character + token.slice(at + removed);
        fc.pre(forged !== token);
        await expect(fixture.storage.tokens.checkAccountToken(forged)).rejects.toMatchObject({ code: 'token_invalid' });
      }),
      { numRuns: 500 },
    );
  });

  test.each(['', 'x', '4_', `4_${'0'.repeat(25)}_${'A'.repeat(9_000)}_${'A'.repeat(43)}_acct`, '\u0000'])(
    'garbage is no token (%#)',
    async (token) => {
      const { storage } = await createFixture();
      await expect(storage.tokens.checkAccountToken(token)).rejects.toMatchObject({ code: 'token_invalid' });
      await expect(storage.tokens.checkDownloadToken(token)).rejects.toMatchObject({ code: 'token_invalid' });
    },
  );

  test('payloads of any shape are refused', async () => {
    const { storage } = await createFixture();
    await fc.assert(
      fc.asyncProperty(fc.json(), async (json) => {
        const payload = Buffer.from(json).toString('base64url');
        const token = `4_${'0'.repeat(25)}_${payload}_${'A'.repeat(43)}_acct`;
        await expect(storage.tokens.checkAccountToken(token)).rejects.toMatchObject({ code: 'token_invalid' });
      }),
    );
  });

  test('a token of another server is none', async () => {
    const fixture = await createFixture();
    const token = await fixture.storage.tokens.issueAccountToken(await makeKey(fixture));
    const random = { bytes: (length: number) => new Uint8Array(length) };
    const stranger = createStorage({ ...fixture, keys: globalKeys(8), random });
    await expect(stranger.tokens.checkAccountToken(token)).rejects.toMatchObject({ code: 'token_invalid' });
  });
});

test('tokens outlive a rotation of the global keys', async () => {
  const fixture = await createFixture();
  const token = await fixture.storage.tokens.issueAccountToken(await makeKey(fixture));
  const key = (byte: number) => SecretBytes.copyOf(new Uint8Array(32).fill(byte));
  const keys = new MemoryKeyProvider([
    { id: 'key7', state: 'decrypt-only', createdAt: 1, key: key(7) },
    { id: 'key8', state: 'active', createdAt: 2, key: key(8) },
  ]);
  const random = { bytes: (length: number) => new Uint8Array(length) };
  const rotated = createStorage({ ...fixture, keys, random });
  await expect(rotated.tokens.checkAccountToken(token)).resolves.toBeDefined();
});

describe('tokens of another generation of the store', () => {
  test.each(['account', 'upload', 'part', 'download'])('do not hold: %s', async (kind) => {
    const fixture = await createFixture();
    const { metadata, bucket } = fixture;
    const random = seededRandom('restore');
    const before = await fixture.storage.recovery.identity();
    const grant = await grantFor(fixture);
    const use = async ({ tokens }: typeof fixture.storage, token: string) => {
      if (kind === 'account') return tokens.checkAccountToken(token);
      if (kind === 'upload') return tokens.checkUploadToken(token, bucket.bucketId);
      return kind === 'part' ? tokens.checkPartToken(token, 'file') : tokens.checkDownloadToken(token);
    };
    const issue = async ({ tokens }: typeof fixture.storage) => {
      if (kind === 'account') return tokens.issueAccountToken(grant.key);
      if (kind === 'upload') return tokens.issueUploadToken(grant, bucket.bucketId);
      if (kind === 'part') return tokens.issuePartToken(grant, 'file');
      return tokens.issueDownloadToken(grant, { bucketId: bucket.bucketId, namePrefix: '', overrides: {} }, 60);
    };
    const token = await issue(fixture.storage);
    await use(fixture.storage, token);

    const after = await renewGeneration(metadata, random);
    expect(after).toEqual({ ...before, generation: after.generation });
    expect(after.generation).not.toBe(before?.generation);
    const restored = createStorage({ ...fixture, random });
    await expect(use(restored, token)).rejects.toMatchObject({ code: 'token_invalid' });
    await use(restored, await issue(restored));
  });

  test('are not issued where the store has none', async () => {
    const { metadata, ...fixture } = await createFixture();
    const key = await makeKey({ metadata, ...fixture });
    const row = { table: 'storeIdentity', key: keys.storeIdentity() } as const;
    await metadata.commit({ expectations: [], writes: [{ ...row, delete: true }] });
    const random = seededRandom('restore');
    const { tokens } = createStorage({ metadata, ...fixture, random });
    await expect(tokens.issueAccountToken(key)).rejects.toMatchObject({ code: 'storage_unavailable' });
    await expect(renewGeneration(metadata, random)).rejects.toMatchObject({ code: 'storage_unavailable' });
  });
});
