import { apiVersions, operationNames, type OperationName } from '@coffer/b2-schema';
import { SecretString } from '@coffer/bytes';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { bytes, caught } from '../../test/caught.ts';
import { memoryServer, refusal } from '../../test/memory-server.ts';
import type { Api } from './api-types.ts';
import { methodName } from './create-api.ts';

describe('the methods of the API', () => {
  it('are one for each operation of the table', async () => {
    const { api } = (await memoryServer()).client();
    expect(Object.keys(api).sort()).toEqual(operationNames.map(methodName).sort());
    expectTypeOf<keyof Api>().toEqualTypeOf<keyof typeof api>();
    expect(methodName('b2_list_unfinished_large_files' satisfies OperationName)).toBe('listUnfinishedLargeFiles');
  });

  it.each(apiVersions)('of %s speak that version', async (apiVersion) => {
    const server = await memoryServer();
    const client = server.client({ apiVersion });
    const bucketId = await server.bucket();
    const { buckets } = await client.api.listBuckets();
    expect(buckets.map((bucket) => bucket.bucketId)).toEqual([bucketId]);
    const uploaded = await client.api.uploadFile({ bucketId, fileName: 'a/b c.txt', body: bytes('Hello') });
    const { files } = await client.api.listFileNames({ bucketId });
    expect(files.map(({ fileName, contentLength }) => [fileName, contentLength])).toEqual([['a/b c.txt', 5]]);
    const { file, body } = await client.api.downloadFileById({ fileId: uploaded.fileId });
    expect(file.fileName).toBe('a/b c.txt');
    expect(await new Response(body).text()).toBe('Hello');
    const others = server.seen.filter(({ url }) => !url.includes('/file/') && !url.includes(`/${apiVersion}/`));
    expect(others).toEqual([]);
    expect((await client.account()).recommendedPartSize).toBe(100);
  });

  it('have types of their version', () => {
    type Key<Version extends 'v3' | 'v4'> = Awaited<ReturnType<Api<Version>['createKey']>>;
    expectTypeOf<Key<'v4'>>().toHaveProperty('bucketIds');
    expectTypeOf<Key<'v3'>>().toHaveProperty('bucketId');
    expectTypeOf<Parameters<Api['createKey']>[0]>().toHaveProperty('bucketIds');
    expectTypeOf<Parameters<Api<'v3'>['createKey']>[0]>().not.toHaveProperty('bucketIds');
    expectTypeOf<Parameters<Api['listBuckets']>>().toExtend<[fields?: object, options?: object]>();
  });

  it('give secrets as such', async () => {
    const server = await memoryServer();
    const { api } = server.client();
    const bucketId = await server.bucket();
    const made = await api.createKey({ keyName: 'a-key', capabilities: ['listBuckets', 'writeFiles'] });
    const [url, authorized] = [await api.getUploadUrl({ bucketId }), await api.authorizeAccount()];
    const secrets = [made.applicationKey, url.authorizationToken, authorized.authorizationToken];
    expect(secrets.every((secret) => secret instanceof SecretString)).toBe(true);
    const keyed = server.client({ keyId: made.applicationKeyId, key: made.applicationKey });
    expect((await keyed.account()).allowed.capabilities).toEqual(['listBuckets', 'writeFiles']);
    const shown = JSON.stringify([made, url, authorized]);
    expect(made.applicationKey.expose((text) => shown.includes(text))).toBe(false);
  });

  it('set and get notification rules, with their secrets', async () => {
    const server = await memoryServer();
    const { api } = server.client();
    const bucketId = await server.bucket();
    const rule = {
      ...{ name: 'my-rule', eventTypes: ['b2:ObjectCreated:*'], isEnabled: true, objectNamePrefix: '' },
      targetConfiguration: {
        targetType: 'webhook' as const,
        url: 'https://example.com/',
        hmacSha256SigningSecret: SecretString.of('a1'.repeat(16)),
        customHeaders: [{ name: 'X-Token', value: SecretString.of('very secret') }],
      },
    };
    await api.setBucketNotificationRules({ bucketId, eventNotificationRules: [rule] });
    const { eventNotificationRules } = await api.getBucketNotificationRules({ bucketId });
    const [target] = eventNotificationRules.map(({ targetConfiguration }) => targetConfiguration);
    expect(target?.customHeaders?.[0]?.value.expose((text) => text)).toBe('very secret');
    expect(JSON.stringify(eventNotificationRules)).not.toMatch(/very secret|a1a1/);
  });
});

describe('a refusal', () => {
  it('says what the server said', async () => {
    const server = await memoryServer();
    const error = await caught(server.client().api.hideFile({ bucketId: await server.bucket(), fileName: 'none' }));
    expect(error).toMatchObject({
      ...{ code: 'no_such_file', status: 400, serverCode: 'no_such_file', operation: 'b2_hide_file' },
      ...{ attempts: 1, mayHaveBeenDone: false, message: 'File not present: none' },
    });
    expect(error.requestId).toMatch(/^[0-9a-f]{24}$/);
  });

  it('of a malformed request comes before anything is sent', async () => {
    const server = await memoryServer();
    const { api } = server.client();
    await api.authorizeAccount();
    server.seen.length = 0;
    const error = await caught(api.getFileInfo({ fileId: 'nonsense' as never }));
    expect(error).toMatchObject({
      code: 'invalid_request',
      field: 'fileId',
      operation: 'b2_get_file_info',
      attempts: 0,
    });
    const bucketId = await server.bucket();
    const type = 'text/plain\r\nX-Evil: 1';
    const refused = await caught(api.uploadFile({ bucketId, fileName: 'a', contentType: type, body: bytes('') }));
    expect(refused.code).toBe('invalid_request');
    expect(server.operations()).toEqual(['b2_get_upload_url']);
  });

  it('with a code that the API does not have is told apart', async () => {
    const server = await memoryServer();
    server.intercept = () => refusal(400, 'teapot_empty');
    expect(await caught(server.client().api.listBuckets())).toMatchObject({
      ...{ code: 'unknown_error', serverCode: 'teapot_empty', status: 400, serverMessage: 'refused: teapot_empty' },
    });
  });

  it('by something that is no server of B2 has the code of its status', async () => {
    const server = await memoryServer();
    await server.client().account();
    server.intercept = () => new Response('<html>', { status: 404 });
    expect(await caught(server.client().api.listBuckets())).toMatchObject({ code: 'not_found', status: 404 });
  });

  it('is thrown for an answer that is not what the table says', async () => {
    const server = await memoryServer();
    const client = server.client();
    await client.account();
    server.intercept = () => Response.json({ buckets: [{ bucketId: 7, secret: 'x' }] });
    const error = await caught(client.api.listBuckets());
    expect(error).toMatchObject({ code: 'invalid_response', status: 200 });
    expect(error.message).toContain('buckets.0');
  });
});
