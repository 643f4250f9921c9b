import { fixedClock } from '@coffer/storage-testkit';
import { apiVersions, capabilityNames, isAllowedOnBucketKey, type ApiVersion } from '@coffer/b2-schema';
import { describe, expect, it } from 'vitest';
import type { B2Options } from './index.ts';
import { basic, TestServer, type Answer, type BodyOf } from './test-support/test-server.ts';

const olderVersions = ['v1', 'v2', 'v3'] as const;
const denied = { status: 401, code: 'unauthorized', message: '' } as const;
const refused = { status: 400, code: 'bad_request' } as const;

async function open(b2: Partial<B2Options> = {}) {
  const clock = fixedClock(1_700_000_000_000);
  const server = await TestServer.inMemory({ clock, b2 });
  const create = (fields: object, options: { version?: ApiVersion; token?: string } = {}) =>
    server.ok('b2_create_key', { accountId: server.accountId, keyName: 'a-key', ...fields }, options);
  return { clock, server, create };
}

type Opened = Awaited<ReturnType<typeof open>>;
type NewKey = Awaited<ReturnType<Opened['create']>>;

async function authorize(server: TestServer, key: NewKey, version: ApiVersion = 'v4') {
  const headers = { Authorization: basic(key.applicationKeyId, key.applicationKey) };
  const answer = await server.send({ target: `/b2api/${version}/b2_authorize_account`, headers });
  return answer as Answer<BodyOf<'b2_authorize_account'>>;
}

const tokenOf = async (server: TestServer, key: NewKey) => (await authorize(server, key)).json.authorizationToken;

describe('a capability', () => {
  it.each(capabilityNames)(
    '%s can be given to a key, and to one of a bucket if it is about buckets or files',
    async (name) => {
      const { server, create } = await open();
      const bucketId = await server.createBucket('my-bucket');
      expect((await create({ capabilities: [name] })).capabilities).toEqual([name]);
      const { accountId } = server;
      const fields = { accountId, keyName: 'a-key', capabilities: [name], bucketIds: [bucketId] };
      if (isAllowedOnBucketKey(name)) await server.ok('b2_create_key', fields);
      else await server.refused(() => server.call('b2_create_key', fields), refused);
    },
  );

  it('of all is what the master key shows', async () => {
    const { server } = await open();
    const { tokens } = server.storage;
    const { capabilities } = await tokens.checkAccountToken(server.masterToken);
    expect([...capabilities].toSorted()).toEqual([...capabilityNames].toSorted());
  });

  it.each([
    ['none', []],
    ['one that there is not', ['readFiles', 'flyFiles']],
    ['no list', 'readFiles'],
  ])('list of %s is refused', async (_, capabilities) => {
    const { server } = await open();
    const fields = { accountId: server.accountId, keyName: 'a-key', capabilities };
    await server.refused(() => server.call('b2_create_key', fields), refused);
  });

  it('and a restriction and a lifetime are handed on, where the server says so', async () => {
    const { clock, server, create } = await open({ grantOnlyOwnCapabilities: true });
    const { accountId } = server;
    const [mine, other] = [await server.createBucket('my-bucket'), await server.createBucket('other-bucket')];
    const makerOf = async (restriction: object) => {
      const maker = await server.storage.applicationKeys.create({
        ...{ accountId, keyName: 'maker', capabilities: ['writeKeys', 'listFiles'] },
        ...{ bucketIds: null, namePrefix: null, validDurationInSeconds: null, ...restriction },
      });
      return server.storage.tokens.issueAccountToken(maker.key);
    };
    const capabilities = ['listFiles'];
    const cases: [restriction: object, within: object[], beyond: object[]][] = [
      [{ bucketIds: [mine] }, [{ bucketIds: [mine] }], [{}, { bucketIds: [other] }, { bucketIds: [mine, other] }]],
      [
        { namePrefix: 'p/' },
        [{ namePrefix: 'p/' }, { namePrefix: 'p/q' }],
        [{}, { namePrefix: '' }, { namePrefix: 'p' }],
      ],
      [{ validDurationInSeconds: 60 }, [{ validDurationInSeconds: 60 }], [{}, { validDurationInSeconds: 61 }]],
      [{}, [{}, { bucketIds: [other], namePrefix: 'x', validDurationInSeconds: 5 }], []],
    ];
    for (const [restriction, within, beyond] of cases) {
      const token = await makerOf(restriction);
      for (const fields of within) await create({ capabilities, ...fields }, { token });
      const fields = (more: object) => ({ accountId, keyName: 'a-key', capabilities, ...more });
      for (const more of beyond)
        await server.refused(() => server.call('b2_create_key', fields(more), { token }), denied);
    }
    const token = await makerOf({ validDurationInSeconds: 60 });
    const end = clock.now() + 60_000;
    clock.advance(1_000);
    const refusedNow = { accountId, keyName: 'a-key', capabilities, validDurationInSeconds: 60 };
    await server.refused(() => server.call('b2_create_key', refusedNow, { token }), denied);
    expect((await create({ capabilities, validDurationInSeconds: 59 }, { token })).expirationTimestamp).toBe(end);
  });

  it('can be granted by who has it not, unless the server says otherwise', async () => {
    const wanted = { capabilities: ['readFiles', 'writeKeys'] };
    const free = await open();
    const freeToken = await free.server.restrictedToken(['writeKeys']);
    expect((await free.create(wanted, { token: freeToken })).capabilities).toEqual(wanted.capabilities);

    const { server, create } = await open({ grantOnlyOwnCapabilities: true });
    const token = await server.restrictedToken(['writeKeys', 'listFiles']);
    const fields = { accountId: server.accountId, keyName: 'a-key', ...wanted };
    await server.refused(() => server.call('b2_create_key', fields, { token }), denied);
    await create({ capabilities: ['listFiles'] }, { token });
    await create({ capabilities: capabilityNames });
  });
});

describe('a key of several buckets', () => {
  async function scene() {
    const opened = await open();
    const { server, create } = opened;
    const bucketIds = [await server.createBucket('bucket-a'), await server.createBucket('bucket-b')];
    const other = await server.createBucket('bucket-c');
    for (const bucketId of [...bucketIds, other]) await server.upload(bucketId, 'f', 'x');
    const key = await create({ capabilities: ['listBuckets', 'listFiles', 'readFiles', 'writeFiles'], bucketIds });
    return { ...opened, bucketIds, other, key };
  }

  it('is of v4 only: older versions neither make nor exchange, list or delete it', async () => {
    const { server, key, bucketIds } = await scene();
    const { accountId } = server;
    expect(key.bucketIds).toEqual(bucketIds);
    for (const version of olderVersions) {
      await server.refused(() => authorize(server, key, version), { status: 401, code: 'unsupported' });
      expect((await server.ok('b2_list_keys', { accountId }, { version })).keys).toEqual([]);
      const { applicationKeyId } = key;
      await server.refused(() => server.call('b2_delete_key', { applicationKeyId }, { version }), refused);
      const fields = { accountId, keyName: 'k', capabilities: ['readFiles'], bucketIds };
      await server.refused(() => server.call('b2_create_key', fields, { version }), refused);
    }
    const { applicationKey, ...shown } = key;
    server.secrets.push(applicationKey);
    expect((await server.ok('b2_list_keys', { accountId })).keys).toEqual([shown]);
    expect(await server.ok('b2_delete_key', { applicationKeyId: key.applicationKeyId })).toEqual(shown);
  });

  it('reaches its buckets and no other, by the paths of every version', async () => {
    const { server, key, bucketIds, other } = await scene();
    const token = await tokenOf(server, key);
    for (const version of apiVersions) {
      for (const bucketId of bucketIds) {
        const { files } = await server.ok('b2_list_file_names', { bucketId }, { token, version });
        expect(files).toHaveLength(1);
        expect((await server.upload(bucketId, 'g', 'x', { token, version })).status).toBe(200);
        await server.ok('b2_hide_file', { bucketId, fileName: 'g' }, { token, version });
      }
      const elsewhere = () => server.call('b2_list_file_names', { bucketId: other }, { token, version });
      await server.refused(elsewhere, denied);
    }
    expect((await server.download('/file/bucket-b/f', { token })).status).toBe(200);
    await server.refused(() => server.download('/file/bucket-c/f', { token }), denied);
  });

  it('must ask for one of its buckets in a list; in v1 it need not, and gets them all', async () => {
    const { server, key, bucketIds, other } = await scene();
    const { accountId } = server;
    const token = await tokenOf(server, key);
    for (const version of apiVersions) {
      const list = (filter: object) => server.call('b2_list_buckets', { accountId, ...filter }, { token, version });
      for (const bucketId of bucketIds) expect((await list({ bucketId })).json.buckets).toMatchObject([{ bucketId }]);
      expect((await list({ bucketName: 'Bucket-B' })).json.buckets).toMatchObject([{ bucketId: bucketIds[1] }]);
      for (const filter of [{ bucketId: other }, { bucketName: 'bucket-c' }]) {
        await server.refused(() => list(filter), denied);
      }
      if (version !== 'v1') await server.refused(() => list({}), denied);
      else expect((await list({})).json.buckets.map(({ bucketId }) => bucketId)).toEqual(bucketIds);
    }
  });

  it('keeps the place of a bucket that was deleted, and so does one of a single bucket', async () => {
    const { server, create } = await open();
    const { accountId } = server;
    const [a, b] = [await server.createBucket('bucket-a'), await server.createBucket('bucket-b')];
    const several = await create({ capabilities: ['listFiles'], bucketIds: [b, a] });
    const single = await create({ capabilities: ['listFiles'], bucketIds: [b] });
    await server.ok('b2_delete_bucket', { accountId, bucketId: b });
    const allowed = async (key: NewKey) => (await authorize(server, key)).json.apiInfo.storageApi.allowed.buckets;
    expect(await allowed(several)).toEqual([
      { id: b, name: null },
      { id: a, name: 'bucket-a' },
    ]);
    expect(await allowed(single)).toEqual([{ id: b, name: null }]);
    const flat = { bucketId: b, bucketName: null };
    expect((await authorize(server, single, 'v1')).json).toMatchObject({ allowed: flat });
    expect((await authorize(server, single, 'v2')).json).toMatchObject({ allowed: flat });
    expect((await authorize(server, single, 'v3')).json).toMatchObject({ apiInfo: { storageApi: flat } });
  });

  it('names each bucket once, and only buckets that there are', async () => {
    const { server, create } = await open();
    const { accountId } = server;
    const a = await server.createBucket('bucket-a');
    expect((await create({ capabilities: ['listFiles'], bucketIds: [a, a] })).bucketIds).toEqual([a]);
    expect((await create({ capabilities: ['listFiles'], bucketIds: null })).bucketIds).toBeNull();
    const call = (fields: object) => () =>
      server.call('b2_create_key', { accountId, keyName: 'k', capabilities: ['listFiles'], ...fields });
    await server.refused(call({ bucketIds: [] }), refused);
    await server.refused(call({ bucketIds: [a], bucketId: a }), refused);
    await server.refused(call({ bucketIds: [a, 'a'.repeat(24)] }), { status: 400, code: 'bad_bucket_id' });
  });
});

describe('a key that expires', () => {
  it('works until then, and is gone after', async () => {
    const { clock, server, create } = await open();
    const { accountId } = server;
    const key = await create({ capabilities: ['listBuckets', 'listKeys', 'shareFiles'], validDurationInSeconds: 60 });
    expect(key.expirationTimestamp).toBe(1_700_000_060_000);
    for (const version of ['v3', 'v4'] as const) {
      const { json } = await authorize(server, key, version);
      expect(json.applicationKeyExpirationTimestamp).toBe(1_700_000_060_000);
    }
    const token = await tokenOf(server, key);
    const bucketId = await server.createBucket('my-bucket');
    const share = { bucketId, fileNamePrefix: '', validDurationInSeconds: 604_800 };
    const download = (await server.ok('b2_get_download_authorization', share, { token })).authorizationToken;
    clock.advance(59_999);
    await server.ok('b2_list_buckets', { accountId }, { token });
    expect((await server.download('/file/my-bucket/a', { token: download })).status).toBe(404);
    clock.advance(1);
    const expired = { status: 401, code: 'expired_auth_token' } as const;
    await server.refused(() => server.call('b2_list_buckets', { accountId }, { token }), expired);
    await server.refused(() => server.download('/file/my-bucket/a', { token: download }), expired);
    for (const version of apiVersions) {
      await server.refused(() => authorize(server, key, version), { status: 401, code: 'unauthorized' });
      expect((await server.ok('b2_list_keys', { accountId }, { version })).keys).toEqual([]);
    }
    const { applicationKeyId } = key;
    await server.refused(() => server.call('b2_delete_key', { applicationKeyId }), refused);
  });

  it('lives less than a thousand days', async () => {
    const { server, create } = await open();
    const longest = 86_400_000;
    const { expirationTimestamp } = await create({ capabilities: ['readFiles'], validDurationInSeconds: longest });
    expect(expirationTimestamp).toBe(1_700_000_000_000 + longest * 1_000);
    for (const validDurationInSeconds of [0, -1, longest + 1, 1.5]) {
      const fields = { accountId: server.accountId, keyName: 'k', capabilities: ['readFiles'], validDurationInSeconds };
      await server.refused(() => server.call('b2_create_key', fields), refused);
    }
  });
});

describe('a key of a prefix', () => {
  it('reaches it in every bucket', async () => {
    const { server, create } = await open();
    const buckets = [await server.createBucket('bucket-a'), await server.createBucket('bucket-b')];
    const key = await create({ capabilities: ['listFiles', 'writeFiles'], namePrefix: 'p/' });
    expect((await authorize(server, key)).json.apiInfo.storageApi.allowed).toMatchObject({
      buckets: null,
      namePrefix: 'p/',
    });
    const token = await tokenOf(server, key);
    for (const bucketId of buckets) {
      expect((await server.upload(bucketId, 'p/a', 'x', { token })).status).toBe(200);
      await server.refused(() => server.upload(bucketId, 'q', 'x', { token }), denied);
      expect((await server.ok('b2_list_file_names', { bucketId, prefix: 'p/' }, { token })).files).toHaveLength(1);
      for (const version of ['v2', 'v3', 'v4'] as const) {
        await server.refused(() => server.call('b2_list_file_names', { bucketId }, { token, version }), denied);
      }
      expect((await server.ok('b2_list_file_names', { bucketId }, { token, version: 'v1' })).files).toHaveLength(1);
    }
  });
});

describe('a list of keys', () => {
  it('goes on where the page before it ended, past keys that the version does not show', async () => {
    const { server, create } = await open();
    const { accountId } = server;
    const [a, b] = [await server.createBucket('bucket-a'), await server.createBucket('bucket-b')];
    const restrictions = [{}, { bucketIds: [a] }, { bucketIds: [a, b] }, { bucketIds: [b, a] }, { bucketIds: [b] }, {}];
    const made: string[] = [];
    for (const restriction of restrictions) {
      made.push((await create({ capabilities: ['readFiles'], ...restriction })).applicationKeyId);
    }
    const shownBy = { v1: [0, 1, 4, 5], v2: [0, 1, 4, 5], v3: [0, 1, 4, 5], v4: [0, 1, 2, 3, 4, 5] };
    for (const version of apiVersions) {
      for (const maxKeyCount of [1, 2, 3, 100]) {
        const seen: string[] = [];
        let startApplicationKeyId: string | null | undefined;
        do {
          const fields = { accountId, maxKeyCount, startApplicationKeyId };
          const page = await server.ok('b2_list_keys', fields, { version });
          expect(page.keys.length).toBeLessThanOrEqual(maxKeyCount);
          seen.push(...page.keys.map(({ applicationKeyId }) => applicationKeyId));
          startApplicationKeyId = page.nextApplicationKeyId;
        } while (startApplicationKeyId !== null);
        expect(seen).toEqual(shownBy[version].map((index) => made[index]).toSorted());
      }
    }
    const too = () => server.call('b2_list_keys', { accountId, maxKeyCount: 10_001 });
    await server.refused(too, { status: 400, code: 'out_of_range' });
  });
});
