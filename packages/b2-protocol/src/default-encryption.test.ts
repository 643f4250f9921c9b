import { describe, expect, it } from 'vitest';
import { customerKey, sseB2Headers, sseB2Json } from './test-support/customer-keys.ts';
import { TestServer } from './test-support/test-server.ts';

const one = customerKey(1);
const noneView = { algorithm: null, mode: null };
const b2View = { algorithm: 'AES256', mode: 'SSE-B2' };
const readable = (value: unknown) => ({ isClientAuthorizedToRead: true, value });
const withheld = { isClientAuthorizedToRead: false, value: null };

describe('the default encryption of a bucket', () => {
  it('is set, kept and cleared', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    const update = async (fields: object) =>
      (await server.ok('b2_update_bucket', { bucketId, ...fields })).defaultServerSideEncryption as object;
    expect(await update({})).toEqual(readable(noneView));
    expect(await update({ defaultServerSideEncryption: sseB2Json })).toEqual(readable(b2View));
    expect(await update({ bucketType: 'allPublic' })).toEqual(readable(b2View));
    expect(await update({ defaultServerSideEncryption: null })).toEqual(readable(b2View));
    expect(await update({ defaultServerSideEncryption: { mode: 'none' } })).toEqual(readable(noneView));
    await update({ defaultServerSideEncryption: sseB2Json });
    expect(await update({ defaultServerSideEncryption: { mode: null } })).toEqual(readable(noneView));
  });

  it.each([
    [{ mode: 'SSE-B2' }, 'Invalid default server-side encryption algorithm'],
    [{ mode: 'SSE-B2', algorithm: 'AES128' }, 'Invalid default server-side encryption algorithm'],
    [one.json, /./],
    [{ mode: 'SSE-C', algorithm: 'AES256' }, /./],
    [{ mode: 'SSE-X' }, /./],
    [{ ...sseB2Json, customerKey: 'x' }, /./],
    ['SSE-B2', /./],
  ])('cannot be %o', async (defaultServerSideEncryption, message) => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    const { accountId } = server;
    const bad = { status: 400, code: 'bad_request', message } as const;
    await server.refused(() => server.call('b2_update_bucket', { bucketId, defaultServerSideEncryption }), bad);
    const create = { accountId, bucketName: 'bucket-b', bucketType: 'allPrivate', defaultServerSideEncryption };
    await server.refused(() => server.call('b2_create_bucket', create), bad);
  });

  it('needs one capability to write and one to read', async () => {
    const server = await TestServer.inMemory();
    const { accountId } = server;
    const bucketId = await server.createBucket('my-bucket', { defaultServerSideEncryption: sseB2Json });
    const blind = await server.restrictedToken([
      'writeBuckets',
      'deleteBuckets',
      'listBuckets',
      'writeBucketEncryption',
    ]);
    const reader = await server.restrictedToken(['writeBuckets', 'listBuckets', 'readBucketEncryption']);
    const setting = { defaultServerSideEncryption: { mode: 'none' } };
    const create = { accountId, bucketName: 'bucket-b', bucketType: 'allPrivate', ...setting };
    const denied = { status: 401, code: 'unauthorized', message: '' } as const;
    await server.refused(() => server.call('b2_create_bucket', create, { token: reader }), denied);
    await server.refused(() => server.call('b2_update_bucket', { bucketId, ...setting }, { token: reader }), denied);
    const seen = async (
      name: 'b2_create_bucket' | 'b2_update_bucket' | 'b2_delete_bucket',
      fields: object,
      token: string,
    ) => (await server.ok(name, fields, { token })).defaultServerSideEncryption as object;
    expect(await seen('b2_update_bucket', { bucketId, bucketType: 'allPublic' }, reader)).toEqual(readable(b2View));
    expect(await seen('b2_create_bucket', create, blind)).toEqual(withheld);
    expect(await seen('b2_update_bucket', { bucketId, ...setting }, blind)).toEqual(withheld);
    const { buckets } = await server.ok('b2_list_buckets', { accountId, bucketId }, { token: blind });
    expect(buckets[0]?.defaultServerSideEncryption).toEqual(withheld);
    expect(await seen('b2_delete_bucket', { accountId, bucketId }, blind)).toEqual(withheld);
  });
});

/** What each kind of request for encryption becomes, in a bucket with and without a default. */
describe('the precedence of settings', () => {
  const c = { ...b2View, mode: 'SSE-C', customerKeyMd5: one.md5 };
  it.each([
    ['no default', null, {}, undefined, noneView],
    ['no default, explicit none', null, undefined, { mode: 'none' }, noneView],
    ['no default, SSE-B2', null, sseB2Headers, sseB2Json, b2View],
    ['no default, SSE-C', null, one.headers, one.json, c],
    ['a default', sseB2Json, {}, undefined, b2View],
    ['a default, explicit none', sseB2Json, undefined, { mode: null }, b2View],
    ['a default, SSE-B2', sseB2Json, sseB2Headers, sseB2Json, b2View],
    ['a default, SSE-C', sseB2Json, one.headers, one.json, c],
  ])('with %s', async (_, bucketDefault, headers, json, expected) => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket', { defaultServerSideEncryption: bucketDefault });
    const plainId = await server.createBucket('bucket-b');
    const sourceFileId = (await server.upload(plainId, 'source', 'x')).json.fileId;
    if (headers !== undefined) {
      const upload = await server.upload(bucketId, 'a', 'x', { headers });
      expect(upload.json.serverSideEncryption).toEqual(expected);
    }
    const setting = json ?? null;
    const start = { bucketId, fileName: 'l', contentType: 'text/plain', serverSideEncryption: setting };
    expect((await server.ok('b2_start_large_file', start)).serverSideEncryption).toEqual(expected);
    const copy = {
      sourceFileId,
      fileName: 'c',
      destinationBucketId: bucketId,
      destinationServerSideEncryption: setting,
    };
    expect((await server.ok('b2_copy_file', copy)).serverSideEncryption).toEqual(expected);
  });

  it('does not reach what is there already', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    const before = (await server.upload(bucketId, 'a', 'x')).json.fileId;
    await server.ok('b2_update_bucket', { bucketId, defaultServerSideEncryption: sseB2Json });
    expect(await server.ok('b2_get_file_info', { fileId: before })).toHaveProperty('serverSideEncryption', noneView);
  });

  it('encrypts everything where the server does by default', async () => {
    const server = await TestServer.inMemory({ storage: { encryptByDefault: true } });
    const bucketId = await server.createBucket('my-bucket');
    const uploaded = (await server.upload(bucketId, 'a', 'x')).json;
    expect(uploaded.serverSideEncryption).toEqual(b2View);
    const { accountId } = server;
    for (const [index, none] of [{ mode: null }, { mode: null, algorithm: null }, { mode: 'none' }].entries()) {
      const set = { bucketId, defaultServerSideEncryption: none };
      expect((await server.ok('b2_update_bucket', set)).defaultServerSideEncryption).toEqual(readable(b2View));
      const create = { accountId, bucketName: `bucket-${index}`, bucketType: 'allPrivate' };
      const made = await server.ok('b2_create_bucket', { ...create, defaultServerSideEncryption: none });
      expect(made.defaultServerSideEncryption).toEqual(readable(b2View));
      const start = { bucketId, fileName: 'l', contentType: 'text/plain', serverSideEncryption: none };
      expect((await server.ok('b2_start_large_file', start)).serverSideEncryption).toEqual(b2View);
      const copy = { sourceFileId: uploaded.fileId, fileName: 'c', destinationServerSideEncryption: none };
      expect((await server.ok('b2_copy_file', copy)).serverSideEncryption).toEqual(b2View);
    }
    const headers = one.headers;
    expect((await server.upload(bucketId, 'c', 'x', { headers })).json.serverSideEncryption.mode).toBe('SSE-C');
  });

  it('of such a server needs no capability where nobody asks for it, and one where somebody asks for none', async () => {
    const server = await TestServer.inMemory({ storage: { encryptByDefault: true } });
    const token = await server.restrictedToken(['writeBuckets', 'listBuckets', 'readBucketEncryption']);
    const create = { accountId: server.accountId, bucketName: 'bucket-b', bucketType: 'allPrivate' };
    const none = { ...create, defaultServerSideEncryption: { mode: null } };
    await server.refused(() => server.call('b2_create_bucket', none, { token }), { status: 401, code: 'unauthorized' });
    const made = await server.ok('b2_create_bucket', create, { token });
    expect(made.defaultServerSideEncryption).toEqual(readable(b2View));
  });
});
