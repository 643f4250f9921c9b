import { describe, expect, it } from 'vitest';
import { TestServer } from './test-support/test-server.ts';

const fresh = {
  bucketInfo: {},
  bucketName: 'my-bucket',
  bucketType: 'allPrivate',
  corsRules: [],
  defaultServerSideEncryption: { isClientAuthorizedToRead: true, value: { algorithm: null, mode: null } },
  fileLockConfiguration: {
    isClientAuthorizedToRead: true,
    value: { defaultRetention: { mode: null, period: null }, isFileLockEnabled: false },
  },
  lifecycleRules: [],
  options: ['s3'],
  replicationConfiguration: { isClientAuthorizedToRead: true, value: null },
  revision: 2,
};

describe('buckets', () => {
  it.each(['v1', 'v2', 'v3', 'v4'] as const)('are created, updated, listed and deleted in %s', async (version) => {
    const server = await TestServer.inMemory();
    const { accountId } = server;
    const made = await server.ok(
      'b2_create_bucket',
      { accountId, bucketName: 'my-bucket', bucketType: 'allPrivate', bucketInfo: null },
      { version },
    );
    const { bucketId } = made;
    expect(made).toEqual({ ...fresh, accountId, bucketId });
    const update = { accountId, bucketId, bucketType: 'allPublic', bucketInfo: { a: 'b' }, ifRevisionIs: 2 };
    const updated = await server.ok('b2_update_bucket', update, { version });
    expect(updated).toEqual({ ...made, bucketType: 'allPublic', bucketInfo: { a: 'b' }, revision: 3 });
    const { buckets } = await server.ok('b2_list_buckets', { accountId, bucketTypes: ['all'] }, { version });
    expect(buckets).toEqual([updated]);
    const deleted = await server.ok('b2_delete_bucket', { accountId, bucketId }, { version });
    expect(deleted).toEqual({ ...updated, revision: 4 });
  });

  it('keep and show every setting', async () => {
    const server = await TestServer.inMemory();
    const corsRules = [
      {
        corsRuleName: 'downloads',
        allowedOrigins: ['https://*.example.com'],
        allowedOperations: ['b2_download_file_by_name'],
        maxAgeSeconds: 60,
      },
    ];
    const lifecycleRules = [{ fileNamePrefix: 'logs/', daysFromHidingToDeleting: 3 }];
    const replicationRule = { destinationBucketId: 'a'.repeat(24), replicationRuleName: 'r' };
    const replication = { sourceApplicationKeyId: server.accountId, replicationRules: [replicationRule] };
    const bucket = await server.ok('b2_create_bucket', {
      accountId: server.accountId,
      bucketName: 'my-bucket',
      bucketType: 'allPublic',
      corsRules,
      lifecycleRules,
      replicationConfiguration: { asReplicationSource: replication },
      fileLockEnabled: true,
      defaultServerSideEncryption: { mode: 'SSE-B2', algorithm: 'AES256' },
    });
    expect(bucket).toMatchObject({
      corsRules: [{ ...corsRules[0], allowedHeaders: null, exposeHeaders: null }],
      lifecycleRules: [
        {
          fileNamePrefix: 'logs/',
          daysFromHidingToDeleting: 3,
          daysFromUploadingToHiding: null,
          daysFromStartingToCancelingUnfinishedLargeFiles: null,
        },
      ],
      replicationConfiguration: {
        isClientAuthorizedToRead: true,
        value: {
          asReplicationDestination: null,
          asReplicationSource: {
            ...replication,
            replicationRules: [
              { ...replicationRule, fileNamePrefix: '', includeExistingFiles: false, isEnabled: true, priority: 128 },
            ],
          },
        },
      },
      fileLockConfiguration: { isClientAuthorizedToRead: true, value: { isFileLockEnabled: true } },
      defaultServerSideEncryption: { value: { algorithm: 'AES256', mode: 'SSE-B2' } },
    });
    const cleared = await server.ok('b2_update_bucket', {
      bucketId: bucket.bucketId,
      replicationConfiguration: {},
      corsRules: [],
      lifecycleRules: [],
    });
    expect(cleared).toMatchObject({ corsRules: [], lifecycleRules: [] });
    expect(cleared.replicationConfiguration).toEqual({ isClientAuthorizedToRead: true, value: null });
  });

  it('are listed by filter and type, sorted by name', async () => {
    const server = await TestServer.inMemory();
    const { accountId } = server;
    const b = await server.createBucket('bucket-b', { bucketType: 'allPublic' });
    const a = await server.createBucket('bucket-a');
    const ids = async (filter: object) => {
      const { buckets } = await server.ok('b2_list_buckets', { accountId, ...filter });
      return (buckets as { bucketId: string }[]).map(({ bucketId }) => bucketId);
    };
    expect(await ids({})).toEqual([a, b]);
    expect(await ids({ bucketName: 'BUCKET-A' })).toEqual([a]);
    expect(await ids({ bucketId: b })).toEqual([b]);
    expect(await ids({ bucketName: 'bucket-c' })).toEqual([]);
    expect(await ids({ bucketTypes: ['allPublic'] })).toEqual([b]);
    expect(await ids({ bucketTypes: ['snapshot'] })).toEqual([]);
    const get = await server.call('b2_list_buckets', { accountId, bucketTypes: ['allPrivate'] }, { method: 'GET' });
    expect(get.json.buckets).toHaveLength(1);
    for (const bucketTypes of [[], ['all', 'allPublic'], ['other']]) {
      const call = () => server.call('b2_list_buckets', { accountId, bucketTypes });
      await server.refused(call, { status: 400, code: 'bad_request' });
    }
  });

  it('refuse what cannot be', async () => {
    const server = await TestServer.inMemory({ storage: { maximumBuckets: 2 } });
    const { accountId } = server;
    const bucketId = await server.createBucket('my-bucket');
    const create = (bucketName: string) => () =>
      server.call('b2_create_bucket', { accountId, bucketName, bucketType: 'allPrivate' });
    const taken = { status: 400, code: 'duplicate_bucket_name', message: 'Bucket name is already in use.' } as const;
    await server.refused(create('MY-bucket'), taken);
    await server.createBucket('bucket-2');
    await server.refused(create('bucket-3'), { status: 400, code: 'too_many_buckets' });
    const stale = { bucketId, bucketType: 'allPublic', ifRevisionIs: 7 };
    await server.refused(() => server.call('b2_update_bucket', stale), { status: 409, code: 'conflict' });
    const missing = 'a'.repeat(24);
    for (const name of ['b2_update_bucket', 'b2_delete_bucket', 'b2_get_upload_url', 'b2_list_file_names'] as const) {
      const account = name === 'b2_delete_bucket' || name === 'b2_update_bucket' ? { accountId } : {};
      await server.refused(() => server.call(name, { ...account, bucketId: missing }), {
        status: 400,
        code: 'bad_bucket_id',
        message: `Bucket ${missing} does not exist`,
      });
    }
    await server.upload(bucketId, 'a', 'x');
    await server.refused(() => server.call('b2_delete_bucket', { accountId, bucketId }), {
      status: 400,
      code: 'cannot_delete_non_empty_bucket',
    });
    await server.refused(() => server.call('b2_delete_bucket', { accountId: '0123456789ab', bucketId }), {
      status: 400,
      code: 'bad_request',
    });
  });
});

describe('application keys', () => {
  it.each(['v1', 'v3', 'v4'] as const)('are created, listed and deleted in %s', async (version) => {
    const server = await TestServer.inMemory();
    const { accountId } = server;
    const bucketId = await server.createBucket('my-bucket');
    const restriction = version === 'v4' ? { bucketIds: [bucketId] } : { bucketId };
    const fields = { accountId, capabilities: ['readFiles', 'listFiles'], keyName: 'a-key', namePrefix: 'p' };
    const created = await server.ok(
      'b2_create_key',
      { ...fields, ...restriction, validDurationInSeconds: 60 },
      { version },
    );
    const { applicationKey, ...key } = created;
    expect(applicationKey).toMatch(/^K[0-9]{3}.{27}$/);
    expect(key).toEqual({
      ...fields,
      ...restriction,
      applicationKeyId: expect.stringMatching(/^[0-9a-f]{25}$/) as string,
      expirationTimestamp: 1_700_000_060_000,
      options: ['s3'],
    });
    server.secrets.push(applicationKey);
    const page = await server.ok(
      'b2_list_keys',
      { accountId, startApplicationKeyId: key.applicationKeyId },
      { version },
    );
    expect(page).toEqual({ keys: [key], nextApplicationKeyId: null });
    expect(await server.ok('b2_delete_key', { applicationKeyId: key.applicationKeyId }, { version })).toEqual(key);
    await server.refused(() => server.call('b2_delete_key', { applicationKeyId: key.applicationKeyId }, { version }), {
      status: 400,
      code: 'bad_request',
      message: `application key does not exist: ${key.applicationKeyId}`,
    });
  });

  it('of several buckets are for v4 only', async () => {
    const server = await TestServer.inMemory();
    const { accountId } = server;
    const bucketIds = [await server.createBucket('bucket-a'), await server.createBucket('bucket-b')];
    const key = await server.ok('b2_create_key', { accountId, capabilities: ['readFiles'], keyName: 'k', bucketIds });
    expect((await server.ok('b2_list_keys', { accountId }, { version: 'v4' })).keys).toHaveLength(1);
    expect((await server.ok('b2_list_keys', { accountId }, { version: 'v2' })).keys).toEqual([]);
    const { applicationKeyId } = key;
    await server.refused(() => server.call('b2_delete_key', { applicationKeyId }, { version: 'v2' }), {
      status: 400,
      code: 'bad_request',
    });
    await server.ok('b2_delete_key', { applicationKeyId });
  });

  it('cannot have an account capability and a bucket restriction', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    const fields = { accountId: server.accountId, capabilities: ['writeBuckets'], keyName: 'k', bucketId };
    await server.refused(() => server.call('b2_create_key', fields, { version: 'v3' }), {
      status: 400,
      code: 'bad_request',
      message: /writeBuckets/,
    });
    await server.refused(() => server.call('b2_create_key', { ...fields, capabilities: ['readFiles'] }), {
      status: 400,
      code: 'bad_request',
      message: 'unknown field in CreateKeyRequest: bucketId',
    });
    const missing = { ...fields, capabilities: ['readFiles'], bucketId: 'a'.repeat(24) };
    await server.refused(() => server.call('b2_create_key', missing, { version: 'v1' }), {
      status: 400,
      code: 'bad_bucket_id',
    });
  });
});
