import { randomBytes } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { describe, expect, test } from 'vitest';
import type { Encryption } from '../../harness/encryption.ts';
import { customerKey, encryptedAs, expectShownAs, head, jsSdk, read } from '../../harness/s3/js-sdk.ts';
import { plainRequest, sendForm } from '../../harness/s3/plain-request.ts';
import { s3Scenarios } from '../../harness/s3/s3-scenario.ts';
import { expectSameBytes } from '../../harness/stored-files.ts';

s3Scenarios('presigned requests of the AWS SDK for JavaScript', (world) => {
  describe.each(['none', 'sseB2', 'sseC1'] as const)('with %s', (mode) => {
    test('an object is put and read by whoever has the URLs', async () => {
      const client = jsSdk(world());
      const { endpoint } = world();
      const encryption = world().modes[mode];
      const place = { Bucket: await world().bucket(), Key: 'dir/ü +%&?#' };
      const { content } = world()[mode === 'none' ? 'file' : 'secretFile']('source', 70_000);
      const headers = customerKeyHeaders(encryption);
      const Metadata = { colour: 'grün 漢' };
      const put = new PutObjectCommand({ ...place, ...encryptedAs(encryption), Metadata });
      const putUrl = await getSignedUrl(client, put, { expiresIn: 60 });
      const writing = { ...headers, ...sseS3Headers(encryption) };
      const written = await plainRequest(endpoint, { url: putUrl, method: 'PUT', headers: writing, body: content });
      expect(written.status, written.body.toString()).toBe(200);
      const shown = await head(client, place, encryption);
      expectShownAs(shown, encryption);
      expect(shown.Metadata).toEqual({ colour: '=?UTF-8?Q?gr=C3=BCn_=E6=BC=A2?=' });
      const get = new GetObjectCommand({ ...place, ...customerKey(encryption), ResponseContentType: 'text/x-asked' });
      const url = await getSignedUrl(client, get, { expiresIn: 60 });
      const answer = await plainRequest(endpoint, { url, headers });
      expect(answer.headers['content-type']).toBe('text/x-asked');
      expectSameBytes(answer.body, content);
      const part = await plainRequest(endpoint, { url, headers: { ...headers, Range: 'bytes=100-199' } });
      expect(part.status).toBe(206);
      expectSameBytes(part.body, content.subarray(100, 200));
      const headUrl = await getSignedUrl(client, new HeadObjectCommand({ ...place, ...customerKey(encryption) }), {
        expiresIn: 60,
      });
      expect((await plainRequest(endpoint, { url: headUrl, method: 'HEAD', headers })).status).toBe(200);
      expect((await plainRequest(endpoint, { url: headUrl, method: 'GET', headers })).status).toBe(403);
      if (mode === 'sseC1') expect((await plainRequest(endpoint, { url })).status).toBe(403);
    });

    test('a form puts an object under its policy, and no other', async () => {
      const client = jsSdk(world());
      const { endpoint } = world();
      const encryption = world().modes[mode];
      const Bucket = await world().bucket();
      const { content } = world()[mode === 'none' ? 'file' : 'secretFile']('source', 70_000);
      const encrypting = { ...customerKeyHeaders(encryption), ...sseS3Headers(encryption) };
      const Fields = { 'Content-Type': 'text/x-form', 'x-amz-meta-colour': 'blue', ...encrypting };
      // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- two packages, one class
      const { url, fields } = await createPresignedPost(client, {
        Bucket,
        Key: 'up/${filename}',
        Fields: { ...Fields, success_action_status: '201' },
        Conditions: [['content-length-range', 1, 100_000]],
        Expires: 60,
      });
      const made = await sendForm(endpoint, url, fields, content);
      expect(made.status, made.body.toString()).toBe(201);
      const shown = await head(client, { Bucket, Key: 'up/file' }, encryption);
      expectShownAs(shown, encryption);
      expect(shown).toMatchObject({ ContentType: 'text/x-form', Metadata: { colour: 'blue' } });
      expectSameBytes(await read(client, { Bucket, Key: 'up/file' }, encryption), content);
      const larger = await sendForm(endpoint, url, fields, randomBytes(100_001));
      expect(larger.body.toString()).toContain('<Code>EntityTooLarge</Code>');
      const elsewhere = await sendForm(endpoint, url, { ...fields, key: 'down/file' }, content);
      expect(elsewhere.body.toString()).toContain('<Code>AccessDenied</Code>');
    });
  });

  test('a URL that has expired, or was changed, opens nothing', async () => {
    const client = jsSdk(world());
    const { endpoint } = world();
    const place = { Bucket: await world().bucket(), Key: 'f' };
    await client.send(new PutObjectCommand({ ...place, Body: 'hello' }));
    const sign = async (more: object): Promise<string> => getSignedUrl(client, new GetObjectCommand(place), more);
    const expired = await sign({ expiresIn: 60, signingDate: new Date(Date.now() - 61_000) });
    const tooLong = (await sign({ expiresIn: 60 })).replace('X-Amz-Expires=60', 'X-Amz-Expires=61');
    const other = (await sign({ expiresIn: 60 })).replace('/f?', '/g?');
    for (const url of [expired, tooLong, other]) expect((await plainRequest(endpoint, { url })).status).toBe(403);
    const asDelete = { url: await sign({ expiresIn: 60 }), method: 'DELETE' };
    expect((await plainRequest(endpoint, asDelete)).status).toBe(403);
    expect((await plainRequest(endpoint, { url: asDelete.url })).body.toString()).toBe('hello');
    await deleted(client, place);
    expect((await plainRequest(endpoint, { url: asDelete.url })).status).toBe(404);
  });
});

async function deleted(client: S3Client, place: { readonly Bucket: string; readonly Key: string }): Promise<void> {
  await client.send(new DeleteObjectCommand(place));
}

/** The SDK signs headers of encryption, but does not put them into a URL: whoever has the URL sends them. */
function customerKeyHeaders(encryption: Encryption): Record<string, string> {
  const { SSECustomerAlgorithm, SSECustomerKey, SSECustomerKeyMD5 } = customerKey(encryption);
  if (SSECustomerKey === undefined) return {};
  const prefix = 'x-amz-server-side-encryption-customer-';
  return {
    [`${prefix}algorithm`]: SSECustomerAlgorithm ?? '',
    [`${prefix}key`]: SSECustomerKey,
    [`${prefix}key-md5`]: SSECustomerKeyMD5 ?? '',
  };
}

function sseS3Headers({ mode }: Encryption): Record<string, string> {
  return mode === 'SSE-B2' ? { 'x-amz-server-side-encryption': 'AES256' } : {};
}
