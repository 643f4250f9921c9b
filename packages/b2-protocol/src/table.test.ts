import {
  apiVersions,
  capabilityNames,
  operationNames,
  operations,
  type JsonRow,
  type OperationName,
  type OperationNameOf,
  type OperationRow,
} from '@coffer/b2-schema';
import { describe, expect, it } from 'vitest';
import { handlers } from './operations/handlers.ts';
import { TestServer, type Answer } from './test-support/test-server.ts';
import { validCalls } from './test-support/valid-calls.ts';

const rowOf = (name: OperationName): OperationRow => operations[name];
const isJson = (name: OperationName): name is OperationNameOf<'json'> => rowOf(name).kind === 'json';
const jsonNames = operationNames.filter(isJson);
const accountNames = jsonNames.filter((name) => rowOf(name).authorization.by === 'account');

function authorize(server: TestServer, version: string, method: 'GET' | 'POST'): Promise<Answer> {
  const headers = { Authorization: server.masterBasic };
  return server.send({ method, target: `/b2api/${version}/b2_authorize_account`, headers });
}

/** What is asked of a field's schema: whether the field may be absent. */
interface FieldSchema {
  safeParse(value: unknown): { readonly success: boolean };
}

/** A target of a row, whatever is behind it. */
function targetOf(name: OperationName, version = 'v4'): string {
  return `/b2api/${version}/${name}${rowOf(name).kind === 'upload' ? '/x/y' : ''}`;
}

describe('the table of operations', () => {
  it('has a handler for each row', () => {
    expect(operationNames.length).toBeGreaterThan(20);
    expect(Object.keys(handlers).sort()).toEqual([...operationNames].sort());
  });

  it.each(jsonNames)('%s succeeds in each version, by POST and by GET', async (name) => {
    for (const version of apiVersions) {
      for (const method of ['POST', 'GET'] as const) {
        const server = await TestServer.inMemory();
        const fields = (await validCalls(server))[name];
        const answer =
          name === 'b2_authorize_account'
            ? await authorize(server, version, method)
            : await server.call(name, fields, { version, method });
        expect(answer.json).not.toHaveProperty('code');
        expect(answer.status).toBe(200);
        expect(server.events.at(-1)).toMatchObject({ operation: name, version, status: 200, errorCode: null });
      }
    }
  });

  it.each(jsonNames)('%s takes null for every field that is not required', async (name) => {
    if (name === 'b2_authorize_account') return;
    const server = await TestServer.inMemory();
    const fields = (await validCalls(server))[name];
    const shape = Object.keys(operations[name].request.shape);
    const versions = 'fieldVersions' in operations[name] ? Object.keys(operations[name].fieldVersions as object) : [];
    const nulls = Object.fromEntries([...shape, ...versions].map((field) => [field, null]));
    await server.ok(name, { ...nulls, ...fields });
  });

  it.each(operationNames)('%s refuses a caller without authorization', async (name) => {
    const server = await TestServer.inMemory();
    const row = rowOf(name);
    const method = row.methods.includes('POST') ? 'POST' : 'GET';
    if (row.kind === 'download') {
      const bucketId = await server.createBucket('my-bucket');
      const fileId = (await server.upload(bucketId, 'a', 'x')).json.fileId;
      const fields = name === 'b2_download_file_by_id' ? { fileId } : { bucketName: 'my-bucket', fileName: 'a' };
      const send = () => server.call(name, fields, { token: null });
      await server.refused(send, { status: 401, code: 'unauthorized' });
      return;
    }
    const code = row.authorization.by === 'basic' ? 'unauthorized' : 'missing_auth_token';
    await server.refused(() => server.send({ method, target: targetOf(name), body: '{}' }), { status: 401, code });
  });

  it.each(accountNames)('%s refuses a caller who has every capability but the one', async (name) => {
    const server = await TestServer.inMemory();
    const fields = (await validCalls(server))[name];
    const { authorization } = rowOf(name);
    const needed = authorization.by === 'account' ? authorization.capability : undefined;
    const token = await server.restrictedToken(capabilityNames.filter((capability) => capability !== needed));
    const otherwise = authorization.by === 'account' ? authorization.otherwise : undefined;
    await server.refused(
      () => server.call(name, fields, { token }),
      otherwise === undefined
        ? { status: 401, code: 'unauthorized', message: '' }
        : { status: 403, code: otherwise, message: 'Access Denied' },
    );
  });

  it.each(operationNames)('%s refuses other methods and other versions', async (name) => {
    const server = await TestServer.inMemory();
    const { methods } = rowOf(name);
    for (const method of [
      'PUT',
      'DELETE',
      'PATCH',
      'OPTIONS',
      ...(methods.includes('GET' as never) ? [] : ['GET', 'HEAD']),
    ]) {
      const answer = await server.send({ method, target: targetOf(name) });
      expect(answer.status).toBe(405);
      if (method !== 'HEAD') expect(answer.json.code).toBe('method_not_allowed');
      expect(answer.headers.get('allow')).toBe(methods.join(', '));
    }
    for (const version of ['v0', 'v5', 'V4', '4', '']) {
      const answer = await server.send({ method: 'POST', target: targetOf(name, version) });
      expect(answer.json).toMatchObject({ status: 404, code: 'not_found' });
    }
  });

  it('knows no other path', async () => {
    const server = await TestServer.inMemory();
    const paths = ['/', '/b2api', '/b2api/v4', '/b2api/v4/', '/b2api/v4/b2_nothing', '/b2api/v4/toString'];
    const tails = [
      '/b2api/v4/b2_list_buckets/x',
      '/b2api/v4/b2_upload_file',
      '/b2api/v4/b2_upload_file/a/b/c',
      '/file',
    ];
    for (const target of [...paths, ...tails]) {
      const answer = await server.send({ method: 'POST', target, body: '{}' });
      expect(answer.json).toMatchObject({ status: 404, code: 'not_found' });
    }
    expect(server.events[0]).toMatchObject({ operation: null, version: null, status: 404, errorCode: 'not_found' });
  });

  it('takes a download URL by the methods of the download', async () => {
    const server = await TestServer.inMemory();
    const answer = await server.send({ method: 'PUT', target: '/file/my-bucket/a', body: '{}' });
    expect(answer.json).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
  });
});

describe('malformed requests', () => {
  const cases = accountNames.flatMap((name) =>
    Object.keys(operations[name].request.shape).map((field) => [name, field] as const),
  );

  it.each(cases)('%s refuses a malformed %s', async (name, field) => {
    const server = await TestServer.inMemory();
    const fields = (await validCalls(server))[name];
    const { fieldVersions }: JsonRow = operations[name];
    const versions = fieldVersions?.[field];
    const version = versions?.includes('v4') === false ? 'v3' : 'v4';
    for (const value of [{ $: 1 }, [[]], -1.5]) {
      const before = await server.snapshot();
      const answer = await server.call(name, { ...fields, [field]: value }, { version });
      expect(answer.status).toBe(400);
      expect(await server.snapshot()).toEqual(before);
    }
  });

  it.each(accountNames)('%s refuses a missing field and an unknown one', async (name) => {
    const server = await TestServer.inMemory();
    const fields = (await validCalls(server))[name];
    const row = operations[name];
    const bad = { status: 400, code: 'bad_request' } as const;
    await server.refused(() => server.call(name, { ...fields, nonsense: 1 }), {
      ...bad,
      message: `unknown field in ${row.requestType}: nonsense`,
    });
    const shape = row.request.shape as Readonly<Record<string, FieldSchema>>;
    const required = Object.entries(shape).filter(([, field]) => !field.safeParse(undefined).success);
    for (const [field] of required) {
      const rest = Object.fromEntries(Object.entries(fields).filter(([name]) => name !== field));
      const message = `required field ${field} is missing`;
      for (const given of [rest, { ...rest, [field]: null }]) {
        await server.refused(() => server.call(name, given), { ...bad, message });
      }
    }
  });

  it.each([
    ['nothing', '', 'bad_json'],
    ['half an object', '{"accountId": ', 'bad_json'],
    ['no JSON', 'accountId=1', 'bad_json'],
    ['a list', '[]', 'bad_request'],
    ['null', 'null', 'bad_request'],
    ['a number', '1', 'bad_request'],
    ['bytes that are no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), 'bad_json'],
    ['more than a MiB', `"${'x'.repeat(2 ** 20)}"`, 'bad_request'],
  ] as const)('a body of %s is refused', async (_, body, code) => {
    const server = await TestServer.inMemory();
    const headers = { Authorization: server.masterToken };
    for (const contentLength of [body.length, undefined]) {
      const send = () =>
        server.send({
          method: 'POST',
          target: '/b2api/v4/b2_list_buckets',
          headers,
          body: typeof body === 'string' ? body : body.slice(),
          contentLength,
        });
      await server.refused(send, { status: 400, code });
    }
  });

  it('a query that cannot be decoded is refused', async () => {
    const server = await TestServer.inMemory();
    const headers = { Authorization: server.masterToken };
    for (const query of ['accountId=%zz', 'accountId=%ff', 'bucketTypes=[', 'bucketName=a&bucketName=b']) {
      const send = () => server.send({ target: `/b2api/v4/b2_list_buckets?${query}`, headers });
      await server.refused(send, { status: 400, code: 'bad_request' });
    }
  });

  it('the text of a body is in no message', async () => {
    const server = await TestServer.inMemory();
    const headers = { Authorization: server.masterToken };
    server.secrets.push('c2VjcmV0');
    const body = '{"customerKey": "c2VjcmV0", }';
    await server.send({ method: 'POST', target: '/b2api/v4/b2_copy_file', headers, body });
    expect(JSON.stringify(server.errors)).not.toContain('c2VjcmV0');
  });
});
