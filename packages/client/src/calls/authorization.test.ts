import { SecretString } from '@coffer/bytes';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createClient } from '../create-client.ts';
import { caught } from '../../test/caught.ts';
import { memoryServer, refusal, type MemoryServer } from '../../test/memory-server.ts';

const authorizations = ({ seen }: MemoryServer) =>
  seen.filter(({ operation }) => operation === 'b2_authorize_account').length;

describe('the authorization', () => {
  it('is asked for once, however many calls need it', async () => {
    const server = await memoryServer();
    const { api } = server.client();
    await Promise.all([1, 2, 3, 4].map(() => api.listBuckets()));
    expect(authorizations(server)).toBe(1);
  });

  it('is renewed when the token has expired, once for all calls that meet it', async () => {
    const server = await memoryServer();
    const { api } = server.client();
    await api.listBuckets();
    server.seen.length = 0;
    server.clock.advance(25 * 60 * 60 * 1000);
    await Promise.all([1, 2, 3, 4].map(() => api.listBuckets()));
    expect(authorizations(server)).toBe(1);
  });

  it.each(['b2_list_buckets', 'file'])('is renewed once per call, not for ever: %s', async (operation) => {
    const server = await memoryServer();
    const { api } = server.client();
    server.intercept = (request) => (request.operation === operation ? refusal(401, 'bad_auth_token') : undefined);
    const call = () =>
      operation === 'file'
        ? api.downloadFileByName({ bucketName: 'my-bucket', fileName: 'a' }, { headersOnly: true })
        : api.listBuckets();
    expect(await caught(call())).toMatchObject({ code: 'bad_auth_token', attempts: 2 });
    expect(authorizations(server)).toBe(2);
  });

  it('survives test mode, in which tokens live for seconds', async () => {
    const server = await memoryServer({ testMode: {} });
    let clients = 0;
    // Which tokens are among those is left to chance.
    while (clients < 200 && authorizations(server) < clients + 3) {
      const { api } = server.client({ testMode: 'expire_some_account_authorization_tokens' });
      clients++;
      for (let call = 0; call < 5; call++) {
        await api.listBuckets();
        server.clock.advance(4000);
      }
    }
    expect(authorizations(server)).toBeGreaterThan(clients + 2);
  });

  it('is not asked for again with a wrong key', async () => {
    const server = await memoryServer();
    const { api } = server.client({ key: 'K00000000000000000000000000wrong' });
    expect(await caught(api.listBuckets())).toMatchObject({ code: 'unauthorized', operation: 'b2_authorize_account' });
    expect(server.seen).toHaveLength(1);
  });

  it('outlives a caller who goes away while others wait for it', async () => {
    const server = await memoryServer();
    const { api } = server.client();
    const stop = new AbortController();
    const left = api.listBuckets({}, { signal: stop.signal });
    const staying = api.listBuckets();
    stop.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    expect((await staying).buckets).toEqual([]);
    expect(authorizations(server)).toBe(1);
  });

  it('works with another server address behind the one that is given', async () => {
    const server = await memoryServer();
    const { api } = server.client({ url: 'https://entry.example/' });
    await api.listBuckets();
    expect(server.seen.map(({ url }) => new URL(url).origin)).toEqual(['https://entry.example', server.url]);
  });
});

describe('a closed client', () => {
  it('has no key and no token any more, and sends nothing', async () => {
    const server = await memoryServer();
    const client = server.client();
    await client.api.listBuckets();
    client.close();
    server.seen.length = 0;
    expect((await caught(client.api.listBuckets())).code).toBe('client_closed');
    expect((await caught(client.api.authorizeAccount())).code).toBe('client_closed');
    expect(server.seen).toEqual([]);
    // The caller's own key is still theirs.
    expect(server.key.expose((text) => text.length)).toBeGreaterThan(10);
  });
});

describe('secrets', () => {
  it('are in nothing that can be printed', async () => {
    const server = await memoryServer();
    const client = server.client();
    const { authorizationToken } = await client.api.authorizeAccount();
    const texts = [server.key, authorizationToken].map((secret) => secret.expose((text) => text));
    const shown = inspect(client, { depth: null, showHidden: true }) + JSON.stringify(client);
    for (const text of texts) expect(shown).not.toContain(text);
  });

  it('are taken out of what the server says', async () => {
    const server = await memoryServer();
    const { api } = server.client();
    const bucketId = await server.bucket();
    let token = '';
    server.intercept = ({ operation, headers }) => {
      if (operation !== 'b2_list_file_names') return undefined;
      token = headers.get('authorization') ?? '';
      return Response.json(
        { status: 400, code: token, message: `more than one upload using auth token ${token}` },
        { status: 400 },
      );
    };
    const error = await caught(api.listFileNames({ bucketId }));
    expect(token.length).toBeGreaterThan(20);
    expect(error.serverMessage).toBe('more than one upload using auth token [secret]');
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain(token);
  });
});

describe('createClient', () => {
  it.each(['ftp://a.example', 'nonsense', ''])('takes no URL such as %j', (url) => {
    expect(() => createClient({ keyId: 'a', key: 'b', url })).toThrow('http or https URL');
  });

  it('takes no version that does not exist', () => {
    expect(() => createClient({ keyId: 'a', key: SecretString.of('b'), apiVersion: 'v5' as 'v4' })).toThrow('version');
  });
});
