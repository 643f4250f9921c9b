import { operationNames, operations, type OperationName, type OperationNameOf } from '@coffer/b2-schema';
import { describe, expect, it } from 'vitest';
import { basic, origin, sha1, TestServer, type Answer } from './test-support/test-server.ts';
import { validCalls } from './test-support/valid-calls.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Two accounts on one server: the first has something for every operation, the second asks for it. */
async function open() {
  const server = await TestServer.inMemory();
  const calls = await validCalls(server);
  const bucketId = await server.createBucket('bucket-private');
  const fileId = (await server.upload(bucketId, 'a', 'content')).json.fileId;
  const start = { bucketId, fileName: 'large', contentType: 'text/plain' };
  const largeFileId = (await server.ok('b2_start_large_file', start)).fileId;
  const theirs = { accountId: server.accountId, bucketId, bucketName: 'bucket-private', fileId, largeFileId };
  return { server, calls, theirs, own: await openOwn(server) };
}

type Opened = Awaited<ReturnType<typeof open>>;

/** The second account, with something of its own. */
async function openOwn(server: TestServer) {
  const { accountId, masterKey, secret } = await server.storage.accounts.create({ name: 'another' });
  const token = await server.storage.tokens.issueAccountToken(masterKey);
  const fields = { accountId, bucketName: 'bucket-own', bucketType: 'allPrivate' };
  const { bucketId } = await server.ok('b2_create_bucket', fields, { token });
  const fileId = (await server.upload(bucketId, 'own', 'content', { token })).json.fileId;
  const start = { bucketId, fileName: 'own-large', contentType: 'text/plain' };
  const largeFileId = (await server.ok('b2_start_large_file', start, { token })).fileId;
  const credentials = secret.expose((text) => basic(accountId, text));
  return { accountId, bucketId, fileId, largeFileId, token, credentials };
}

const otherDigits = (digits: string): string => digits.replaceAll(/./g, (digit) => (digit === '0' ? '1' : '0'));

/** Another id of the same form, which nothing has. */
function unknownLike(id: string): string {
  const [, bucketId = '', kind = '', unique = '', rest = ''] = /^4_z(.{24})_(f[12])(.{16})(.*)$/.exec(id) ?? [];
  return bucketId === '' ? otherDigits(id) : `4_z${otherDigits(bucketId)}_${kind}${otherDigits(unique)}${rest}`;
}

/** The fields with every id of the first account replaced by one that nothing has. */
function withUnknown(fields: Fields, { server, own }: Opened): { readonly fields: Fields; readonly ids: Set<string> } {
  const ids = new Set<string>();
  const replaced = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== 'string' || !/^(?:4_z)?[0-9a-f]{12,}/.test(value)) return value;
    if (value === own.accountId || value === own.bucketId || value === own.fileId || value === own.largeFileId)
      return value;
    if (value !== server.accountId && value.length < 24) return value;
    ids.add(value);
    return unknownLike(value);
  };
  return { fields: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, replaced(value)])), ids };
}

/** What an answer says, with ids left out of it. */
function said({ status, json }: Answer, ids: ReadonlySet<string>): unknown {
  let text = JSON.stringify(json);
  for (const id of ids) for (const shown of [id, unknownLike(id)]) text = text.replaceAll(shown, '*');
  return { status, text };
}

/** Expects that the second account is told the same as if nothing of the first existed, and that nothing changes. */
async function expectMissing(opened: Opened, name: OperationNameOf<'json'>, asked: Fields): Promise<Answer> {
  const { server, own } = opened;
  const unknown = withUnknown(asked, opened);
  const before = await server.snapshot();
  const answer = await server.call(name, asked, { token: own.token });
  const missing = await server.call(name, unknown.fields, { token: own.token });
  expect(said(answer, unknown.ids)).toEqual(said(missing, unknown.ids));
  expect(await server.snapshot()).toEqual(before);
  return answer;
}

const jsonOperations = operationNames.filter(
  (name): name is OperationNameOf<'json'> => operations[name].kind === 'json',
);
const ofAccount: readonly OperationName[] = ['b2_create_bucket', 'b2_create_key', 'b2_list_buckets', 'b2_list_keys'];

describe('what another account has', () => {
  it.each(jsonOperations.filter((name) => name !== 'b2_authorize_account' && !ofAccount.includes(name)))(
    '%s: is missing',
    async (name) => {
      const opened = await open();
      const fields: Fields = opened.calls[name];
      const own = 'accountId' in fields ? { accountId: opened.own.accountId } : {};
      const answer = await expectMissing(opened, name, { ...fields, ...own });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).not.toBe(401);
    },
  );

  it.each(jsonOperations)('%s: cannot be asked for by naming that account', async (name) => {
    const opened = await open();
    const fields: Fields = opened.calls[name];
    if (!('accountId' in fields)) {
      expect(ofAccount).not.toContain(name);
      return;
    }
    expect((await expectMissing(opened, name, fields)).json).toMatchObject({ status: 400, code: 'bad_request' });
  });

  it.each<[string, OperationNameOf<'json'>, (opened: Opened) => Fields, number]>([
    [
      'as the bucket of a copy',
      'b2_copy_file',
      ({ own, theirs }) => ({ sourceFileId: own.fileId, fileName: 'c', destinationBucketId: theirs.bucketId }),
      400,
    ],
    [
      'as the source of a copy',
      'b2_copy_file',
      ({ own, theirs }) => ({ sourceFileId: theirs.fileId, fileName: 'c', destinationBucketId: own.bucketId }),
      404,
    ],
    [
      'as the source of a part',
      'b2_copy_part',
      ({ own, theirs }) => ({ sourceFileId: theirs.fileId, largeFileId: own.largeFileId, partNumber: 1 }),
      404,
    ],
    [
      'as the file of a part',
      'b2_copy_part',
      ({ own, theirs }) => ({ sourceFileId: own.fileId, largeFileId: theirs.largeFileId, partNumber: 1 }),
      400,
    ],
    [
      'as the bucket of a key',
      'b2_create_key',
      ({ own, theirs }) => ({
        accountId: own.accountId,
        keyName: 'k',
        capabilities: ['readFiles'],
        bucketIds: [theirs.bucketId],
      }),
      400,
    ],
    [
      'as one of the buckets of a key',
      'b2_create_key',
      ({ own, theirs }) => ({
        accountId: own.accountId,
        keyName: 'k',
        capabilities: ['readFiles'],
        bucketIds: [own.bucketId, theirs.bucketId],
      }),
      400,
    ],
    [
      'as a bucket that is listed by its id',
      'b2_list_buckets',
      ({ own, theirs }) => ({ accountId: own.accountId, bucketId: theirs.bucketId }),
      200,
    ],
    [
      'as a bucket that is listed by its name',
      'b2_list_buckets',
      ({ own, theirs }) => ({ accountId: own.accountId, bucketName: theirs.bucketName }),
      200,
    ],
    [
      'as the place where a listing of keys begins',
      'b2_list_keys',
      ({ own, calls }) => ({
        accountId: own.accountId,
        startApplicationKeyId: calls.b2_delete_key['applicationKeyId'],
      }),
      200,
    ],
    [
      'as the place where a listing of versions begins',
      'b2_list_file_versions',
      ({ own, theirs }) => ({ bucketId: own.bucketId, startFileName: 'a', startFileId: theirs.fileId }),
      200,
    ],
    [
      'as the place where a listing of large files begins',
      'b2_list_unfinished_large_files',
      ({ own, theirs }) => ({ bucketId: own.bucketId, startFileId: theirs.largeFileId }),
      200,
    ],
  ])('%s is missing (%s)', async (_, name, fieldsOf, status) => {
    const opened = await open();
    expect((await expectMissing(opened, name, fieldsOf(opened))).status).toBe(status);
  });

  it('is in no listing', async () => {
    const { server, own } = await open();
    const { accountId, token } = own;
    expect((await server.ok('b2_list_buckets', { accountId }, { token })).buckets).toMatchObject([
      { bucketName: 'bucket-own' },
    ]);
    expect((await server.ok('b2_list_keys', { accountId }, { token })).keys).toEqual([]);
    const authorized = await server.send({
      target: '/b2api/v4/b2_authorize_account',
      headers: { Authorization: own.credentials },
    });
    expect(authorized.json).toMatchObject({ accountId });
    expect(JSON.stringify(authorized.json)).not.toContain(server.accountId);
  });

  it('takes the names of its buckets', async () => {
    const { server, own, theirs } = await open();
    const fields = { accountId: own.accountId, bucketName: theirs.bucketName, bucketType: 'allPrivate' };
    await server.refused(() => server.call('b2_create_bucket', fields, { token: own.token }), {
      status: 400,
      code: 'duplicate_bucket_name',
    });
  });

  it.each(operationNames.filter((name) => operations[name].kind === 'upload'))(
    '%s: takes nothing from the tokens of another account',
    async (name) => {
      const { server, own, theirs } = await open();
      const { tokens } = server.storage;
      const grant = await tokens.checkAccountToken(own.token);
      const isFile = name === 'b2_upload_file';
      const target = isFile ? theirs.bucketId : theirs.largeFileId;
      const headers = isFile ? { 'X-Bz-File-Name': 'x', 'Content-Type': 'text/plain' } : { 'X-Bz-Part-Number': '1' };
      const send = (authorizationToken: string) =>
        server.uploadTo(
          { uploadUrl: `${origin}/b2api/v4/${name}/${target}/c000_v0000000_t0000`, authorizationToken },
          'content',
          { ...headers, 'X-Bz-Content-Sha1': sha1('content') },
        );
      const ownToken = isFile
        ? await tokens.issueUploadToken(grant, own.bucketId)
        : await tokens.issuePartToken(grant, own.largeFileId);
      await server.refused(() => send(ownToken), { status: 401, code: 'bad_auth_token' });
      // No operation gives such a token out; if one did, it would still be of no use.
      const bound = isFile ? await tokens.issueUploadToken(grant, target) : await tokens.issuePartToken(grant, target);
      await server.refused(() => send(bound), { status: 400, code: isFile ? 'bad_bucket_id' : 'bad_request' });
    },
  );
});

describe('downloads', () => {
  it('of a private bucket are refused to another account', async () => {
    const { server, own, theirs } = await open();
    const refused = { status: 401, code: 'unauthorized' } as const;
    for (const path of [
      `/b2api/v4/b2_download_file_by_id?fileId=${theirs.fileId}`,
      `/file/${theirs.bucketName}/a`,
      `/file/${theirs.bucketName}/no-such-file`,
    ])
      await server.refused(() => server.download(path, { token: own.token }), refused);
    const authorization = await server.call(
      'b2_get_download_authorization',
      { bucketId: own.bucketId, fileNamePrefix: '', validDurationInSeconds: 60 },
      { token: own.token },
    );
    const { authorizationToken } = authorization.json as { authorizationToken?: string };
    await server.refused(
      () => server.download(`/file/${theirs.bucketName}/a`, { token: authorizationToken! }),
      refused,
    );
  });

  it('of a public bucket are open to another account', async () => {
    const opened = await open();
    const { server, own, theirs } = opened;
    await server.ok('b2_update_bucket', { bucketId: theirs.bucketId, bucketType: 'allPublic' });
    for (const path of [`/b2api/v4/b2_download_file_by_id?fileId=${theirs.fileId}`, `/file/${theirs.bucketName}/a`])
      expect((await server.download(path, { token: own.token })).status).toBe(200);
    const copy = { sourceFileId: theirs.fileId, fileName: 'c', destinationBucketId: own.bucketId };
    expect((await expectMissing(opened, 'b2_copy_file', copy)).status).toBe(404);
    expect((await expectMissing(opened, 'b2_get_file_info', { fileId: theirs.fileId })).status).toBe(404);
  });
});
