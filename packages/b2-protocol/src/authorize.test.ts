import { describe, expect, it } from 'vitest';
import { capabilityNames } from '@coffer/b2-schema';
import { basic, checkAgainstRow, origin, TestServer, type Answer, type BodyOf } from './test-support/test-server.ts';

async function authorize(
  server: TestServer,
  version: string,
  header: string | undefined,
): Promise<Answer<BodyOf<'b2_authorize_account'>>> {
  const answer = await server.send({
    method: 'POST',
    target: `/b2api/${version}/b2_authorize_account`,
    headers: { Authorization: header },
    body: '{}',
  });
  return answer as Answer<BodyOf<'b2_authorize_account'>>;
}

const urls = { apiUrl: origin, downloadUrl: origin, s3ApiUrl: origin };
const sizes = { absoluteMinimumPartSize: 10, recommendedPartSize: 100 };
const token = expect.any(String) as string;

describe('b2_authorize_account', () => {
  it('answers each version in its own shape', async () => {
    const server = await TestServer.inMemory();
    const { accountId } = server;
    const capabilities = expect.arrayContaining([...capabilityNames]) as string[];
    const free = { bucketId: null, bucketName: null, capabilities, namePrefix: null };
    const v2 = { accountId, authorizationToken: token, allowed: free, ...urls, ...sizes };
    const common = { accountId, applicationKeyExpirationTimestamp: null, authorizationToken: token };
    const v3 = { ...free, infoType: 'storageApi', ...urls, ...sizes };
    const v4 = { allowed: { buckets: null, capabilities, namePrefix: null }, ...urls, ...sizes };
    const expected = {
      v1: { ...v2, minimumPartSize: 100 },
      v2,
      v3: { ...common, apiInfo: { storageApi: v3 } },
      v4: { ...common, apiInfo: { storageApi: v4 } },
    } as const;
    for (const version of ['v1', 'v2', 'v3', 'v4'] as const) {
      const answer = await authorize(server, version, server.masterBasic);
      checkAgainstRow('b2_authorize_account', version, answer);
      expect(answer.json).toEqual(expected[version]);
      expect(answer.headers.get('content-type')).toBe('application/json;charset=UTF-8');
      expect(answer.headers.get('cache-control')).toBe('max-age=0, no-cache, no-store');
    }
  });

  it('answers GET as well, and ignores whatever body there is', async () => {
    const server = await TestServer.inMemory();
    const headers = { Authorization: server.masterBasic };
    const target = '/b2api/v4/b2_authorize_account';
    expect((await server.send({ target, headers })).status).toBe(200);
    expect((await server.send({ target, headers, method: 'POST', body: 'no JSON' })).status).toBe(200);
  });

  it('gives a token that holds on every version', async () => {
    const server = await TestServer.inMemory();
    const { json } = await authorize(server, 'v1', server.masterBasic);
    const { accountId } = server;
    await server.ok('b2_list_buckets', { accountId }, { version: 'v4', token: json.authorizationToken });
  });

  it.each([
    ['a wrong key', (id: string) => basic(id, 'K000wrong')],
    ['an unknown key id', () => basic('0123456789ab', 'K000wrong')],
    ['no colon', () => `Basic ${Buffer.from('abc').toString('base64')}`],
    ['bad base64', () => 'Basic %%%'],
    ['another scheme', () => 'Bearer abc'],
    ['no header', () => undefined],
  ])('refuses %s', async (_, header) => {
    const server = await TestServer.inMemory();
    const answer = await server.refused(() => authorize(server, 'v4', header(server.accountId)), {
      status: 401,
      code: 'unauthorized',
    });
    expect(answer.headers.get('www-authenticate')).toBe('BASIC realm="authorize_account"');
  });

  it('is refused, as every operation, where two Authorization headers leave open which one counts', async () => {
    const server = await TestServer.inMemory();
    const { accountId, masterBasic, masterToken } = server;
    await server.createBucket('my-bucket');
    const twice = { status: 400, code: 'bad_request' } as const;
    const send = (target: string, credentials: string, body?: string) => () =>
      server.send({
        target,
        headers: { Authorization: [credentials, 'another'] },
        ...(body === undefined ? {} : { method: 'POST', body }),
      });
    await server.refused(send('/b2api/v4/b2_authorize_account', masterBasic), twice);
    await server.refused(send('/b2api/v4/b2_list_buckets', masterToken, JSON.stringify({ accountId })), twice);
    const download = await server.refused(send('/file/my-bucket/a', masterToken), twice);
    expect(download.json.message).toBe('Header Authorization must be given once');
  });

  it('shows restrictions, and a deleted bucket without its name', async () => {
    const server = await TestServer.inMemory();
    const a = await server.createBucket('bucket-a');
    const b = await server.createBucket('bucket-b');
    const made = await server.ok('b2_create_key', {
      accountId: server.accountId,
      capabilities: ['listFiles'],
      keyName: 'k',
      bucketIds: [a, b],
      namePrefix: 'p/',
    });
    const header = basic(made.applicationKeyId, made.applicationKey);
    await server.ok('b2_delete_bucket', { accountId: server.accountId, bucketId: b });
    const { json } = await authorize(server, 'v4', header);
    expect(json.apiInfo.storageApi.allowed).toEqual({
      buckets: [
        { id: a, name: 'bucket-a' },
        { id: b, name: null },
      ],
      capabilities: ['listFiles'],
      namePrefix: 'p/',
    });
    for (const version of ['v1', 'v2', 'v3']) {
      await server.refused(() => authorize(server, version, header), { status: 401, code: 'unsupported' });
    }
  });

  it('refuses a deleted key, and its tokens', async () => {
    const server = await TestServer.inMemory();
    const { accountId } = server;
    const made = await server.ok('b2_create_key', { accountId, capabilities: ['listBuckets'], keyName: 'k' });
    const header = basic(made.applicationKeyId, made.applicationKey);
    const { json } = await authorize(server, 'v4', header);
    await server.ok('b2_delete_key', { applicationKeyId: made.applicationKeyId });
    await server.refused(() => authorize(server, 'v4', header), { status: 401, code: 'unauthorized' });
    await server.refused(() => server.call('b2_list_buckets', { accountId }, { token: json.authorizationToken }), {
      status: 401,
      code: 'bad_auth_token',
    });
  });
});
