import { bucketIdField, capabilityNames, jsonMethods, mayAnswer, type ExtensionRow } from '@coffer/b2-schema';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { B2Error } from './errors/b2-error.ts';
import { extendB2 } from './extension.ts';
import { TestServer, type Answer } from './test-support/test-server.ts';

const common = { notPartOfB2: true, requestType: 'TestRequest', kind: 'json', methods: jsonMethods } as const;

const rows = {
  coffer_greet: {
    ...common,
    name: 'coffer_greet',
    authorization: { by: 'capabilities', capabilities: [] },
    scope: { on: 'account' },
    request: z.strictObject({ name: z.string().max(10).default('you'), accountId: z.string().optional() }),
    response: z.object({ greeting: z.string() }),
    errors: mayAnswer(),
  },
  coffer_look: {
    ...common,
    name: 'coffer_look',
    authorization: { by: 'capabilities', capabilities: ['listFiles', 'readBucketEncryption'] },
    scope: { on: 'wholeBucket', field: 'bucketId' },
    request: z.strictObject({ bucketId: bucketIdField }),
    response: z.object({ bucketName: z.string() }),
    errors: mayAnswer('bad_bucket_id', 'conflict'),
  },
  coffer_rule: {
    ...common,
    name: 'coffer_rule',
    authorization: { by: 'masterKey' },
    scope: { on: 'account' },
    request: z.strictObject({}),
    response: z.object({}),
    errors: mayAnswer('conflict'),
  },
} as const satisfies { readonly [Name in `coffer_${string}`]: ExtensionRow };

const extension = extendB2(rows, {
  coffer_greet: ({ name }) => Promise.resolve({ greeting: `Hello, ${name}` }),
  coffer_look: async ({ bucketId }, { storage }) => ({ bucketName: (await storage.buckets.get(bucketId)).name }),
  coffer_rule: () => Promise.reject(new B2Error('conflict', 'Not now')),
});

const open = () => TestServer.inMemory({ b2: { extension } });

async function call(server: TestServer, name: string, fields: object, token = server.masterToken): Promise<Answer> {
  const headers = { Authorization: token };
  return server.send({ method: 'POST', target: `/cofferapi/v1/${name}`, headers, body: JSON.stringify(fields) });
}

describe('operations that are not part of B2', () => {
  it('are answered with JSON, to GET and POST, and told of by their names', async () => {
    const server = await open();
    const posted = await call(server, 'coffer_greet', { name: 'Ann' });
    expect(posted).toMatchObject({ status: 200, json: { greeting: 'Hello, Ann' } });
    const headers = { Authorization: server.masterToken };
    const got = await server.send({ method: 'GET', target: '/cofferapi/v1/coffer_greet?name=Bo', headers });
    expect(got.json).toEqual({ greeting: 'Hello, Bo' });
    expect(server.events.at(-1)).toMatchObject({
      operation: 'coffer_greet',
      version: null,
      status: 200,
      errorCode: null,
    });
    expect(server.events.at(-1)?.keyId).toBe(server.accountId);
    const put = await server.send({ method: 'PUT', target: '/cofferapi/v1/coffer_greet', headers });
    expect(put).toMatchObject({ status: 405, json: { code: 'method_not_allowed' } });
    expect(put.headers.get('allow')).toBe('GET, POST');
  });

  it.each(['/cofferapi/v1/coffer_none', '/cofferapi/v1/b2_list_keys', '/cofferapi/v1/', '/cofferapi/v2/coffer_greet'])(
    'there is none at %s',
    async (target) => {
      const server = await open();
      const answer = await server.send({ method: 'POST', target, headers: { Authorization: server.masterToken } });
      expect(answer).toMatchObject({ status: 404, json: { code: 'not_found' } });
    },
  );

  it.each(['/cofferapi/v1/constructor', '/cofferapi/v1/coffer_greet/more', '/b2api/v4/coffer_greet'])(
    'nor at %s',
    async (target) => {
      const server = await open();
      const answer = await server.send({ method: 'POST', target, headers: { Authorization: server.masterToken } });
      expect(answer.status).toBe(404);
    },
  );

  it('are not there for a handler without an extension', async () => {
    const server = await TestServer.inMemory();
    expect(await call(server, 'coffer_greet', {})).toMatchObject({ status: 404, json: { code: 'not_found' } });
    expect(server.events.at(-1)?.operation).toBeNull();
  });

  it('refuse what B2 refuses: no token, a wrong one, unknown fields, wrong types, another account', async () => {
    const server = await open();
    const target = '/cofferapi/v1/coffer_greet';
    expect((await server.send({ method: 'POST', target, body: '{}' })).json.code).toBe('missing_auth_token');
    expect((await call(server, 'coffer_greet', {}, 'nonsense')).json.code).toBe('bad_auth_token');
    const unknown = await call(server, 'coffer_greet', { colour: 'red' });
    expect(unknown.json).toMatchObject({ code: 'bad_request', message: 'unknown field in TestRequest: colour' });
    expect((await call(server, 'coffer_greet', { name: 7 })).json.code).toBe('bad_request');
    expect((await call(server, 'coffer_greet', { name: 'x'.repeat(11) })).json.code).toBe('bad_request');
    expect((await call(server, 'coffer_greet', { accountId: 'f'.repeat(12) })).json.code).toBe('bad_request');
    const headers = { Authorization: server.masterToken };
    expect((await server.send({ method: 'POST', target, headers, body: '{"name":' })).json.code).toBe('bad_json');
    const tokenInQuery = await server.send({ method: 'GET', target: `${target}?Authorization=${server.masterToken}` });
    expect(tokenInQuery.json.code).toBe('missing_auth_token');
  });

  it('need every capability of their row', async () => {
    const server = await open();
    const bucketId = await server.createBucket('bucket-one');
    for (const some of [['listFiles'], ['readBucketEncryption'], []]) {
      const token = await server.restrictedToken(some);
      await server.refused(() => call(server, 'coffer_look', { bucketId }, token), {
        status: 401,
        code: 'unauthorized',
      });
    }
    const token = await server.restrictedToken(['listFiles', 'readBucketEncryption']);
    expect((await call(server, 'coffer_look', { bucketId }, token)).json).toEqual({ bucketName: 'bucket-one' });
    expect((await call(server, 'coffer_greet', {}, await server.restrictedToken(['listKeys']))).status).toBe(200);
  });

  it('keep to the buckets and the prefix of a key', async () => {
    const server = await open();
    const [mine, other] = [await server.createBucket('bucket-one'), await server.createBucket('bucket-two')];
    const rights = ['listFiles', 'readBucketEncryption'];
    const token = await server.restrictedToken(rights, { bucketIds: [mine] });
    expect((await call(server, 'coffer_look', { bucketId: mine }, token)).status).toBe(200);
    expect(server.events.at(-1)?.bucketId).toBe(mine);
    const refused = { status: 401, code: 'unauthorized' } as const;
    await server.refused(() => call(server, 'coffer_look', { bucketId: other }, token), refused);
    const narrow = await server.restrictedToken(rights, { bucketIds: [mine], namePrefix: 'a/' });
    await server.refused(() => call(server, 'coffer_look', { bucketId: mine }, narrow), refused);
  });

  it('of the master key are refused to a key that has every capability', async () => {
    const server = await open();
    const token = await server.restrictedToken(capabilityNames);
    await server.refused(() => call(server, 'coffer_rule', {}, token), { status: 401, code: 'unauthorized' });
    const answer = await call(server, 'coffer_rule', {});
    expect(answer).toMatchObject({ status: 409, json: { code: 'conflict', message: 'Not now' } });
  });

  it('have one handler each, by their types', () => {
    // @ts-expect-error the handler of coffer_rule is missing
    extendB2({ coffer_rule: rows.coffer_rule }, {});
    // @ts-expect-error the answer is not what the row says
    extendB2({ coffer_greet: rows.coffer_greet }, { coffer_greet: () => Promise.resolve({ greeting: 7 }) });
  });
});
