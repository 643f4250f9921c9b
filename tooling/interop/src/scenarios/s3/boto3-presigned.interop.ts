import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Encryption } from '../../harness/encryption.ts';
import { bytesOf, encryptedWith, readWith, withBoto3 } from '../../harness/s3/boto3.ts';
import { plainRequest, sendForm } from '../../harness/s3/plain-request.ts';
import { s3Scenarios } from '../../harness/s3/s3-scenario.ts';
import { expectSameBytes } from '../../harness/stored-files.ts';

/** No more than the file has. */
const bounds = ['content-length-range', 0, 70_000];

/** Where a form is sent to, and its fields before the file. */
interface Form {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The headers that a presigned request needs beside its URL: they are signed with it, and not in it. */
function signedHeaders({ mode, key }: Encryption): Record<string, string> {
  if (key === undefined) return mode === 'none' ? {} : { 'x-amz-server-side-encryption': 'AES256' };
  const prefix = 'x-amz-server-side-encryption-customer';
  return {
    [`${prefix}-algorithm`]: 'AES256',
    [`${prefix}-key`]: key.toString('base64'),
    [`${prefix}-key-MD5`]: createHash('md5').update(key).digest('base64'),
  };
}

s3Scenarios('presigned by boto3', (world) => {
  const boto3 = withBoto3(world);

  const presigned = (method: string, params: object): Promise<string> => boto3.ok('presigned', { method, params });

  describe.each(['none', 'sseB2', 'sseC1'] as const)('%s', (mode) => {
    test('URLs to put and to get', async () => {
      const { endpoint, modes } = world();
      const encryption = modes[mode];
      const at = { Bucket: await world().bucket(), Key: 'dir/ü +%' };
      const { content } = world()[mode === 'none' ? 'file' : 'secretFile']('source', 70_000);
      const putting = await presigned('put_object', { ...at, ...encryptedWith(encryption) });
      const headers = signedHeaders(encryption);
      const put = await plainRequest(endpoint, { url: putting, method: 'PUT', headers, body: content });
      expect(put.status, put.body.toString()).toBe(200);
      const url = await presigned('get_object', {
        ...at,
        ...readWith(encryption),
        ResponseContentType: 'text/x-asked',
      });
      const reading = encryption.key === undefined ? {} : headers;
      const got = await plainRequest(endpoint, { url, headers: reading });
      expect(got.headers['content-type']).toBe('text/x-asked');
      expectSameBytes(got.body, content);
      const changed = await plainRequest(endpoint, { url: `${url}&versionId=x`, headers: reading });
      expect(changed.status).toBe(403);
    });

    test('forms', async () => {
      const { endpoint, modes } = world();
      const encryption = modes[mode];
      const at = { Bucket: await world().bucket(), Key: 'uploads/file' };
      const { content } = world()[mode === 'none' ? 'file' : 'secretFile']('source', 70_000);
      const Fields = signedHeaders(encryption);
      const Conditions = [...Object.entries(Fields).map((field) => Object.fromEntries([field])), bounds];
      const { url, fields } = await boto3.ok<Form>('generate_presigned_post', { ...at, Fields, Conditions });
      const sent = await sendForm(endpoint, url, fields, content);
      expect(sent.status, sent.body.toString()).toBe(204);
      const got = await boto3.ok('get_object', { ...at, ...readWith(encryption) });
      expectSameBytes(bytesOf(got['Body']), content);
      const larger = await sendForm(endpoint, url, fields, Buffer.alloc(70_001));
      expect([larger.status, larger.body.toString()]).toEqual([400, expect.stringContaining('EntityTooLarge')]);
    });
  });

  test('a URL without the signed customer key, with another, and one that is made to last longer', async () => {
    const { endpoint, modes } = world();
    const at = { Bucket: await world().bucket(), Key: 'file' };
    await boto3.ok('put_object', { ...at, Body: 'a text', ...encryptedWith(modes.sseC1) });
    const url = await presigned('get_object', { ...at, ...readWith(modes.sseC1) });
    for (const headers of [{}, signedHeaders(modes.sseC2)]) {
      const { status, body } = await plainRequest(endpoint, { url, headers });
      expect([status, body.toString()]).toEqual([403, expect.stringContaining('SignatureDoesNotMatch')]);
    }
    const headers = signedHeaders(modes.sseC1);
    const longer = url.replace('X-Amz-Expires=300', 'X-Amz-Expires=3000');
    expect((await plainRequest(endpoint, { url: longer, headers })).status).toBe(403);
    expect((await plainRequest(endpoint, { url, headers })).body.toString()).toBe('a text');
  });
});
