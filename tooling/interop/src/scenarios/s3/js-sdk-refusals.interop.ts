import { Agent } from 'node:http';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchBucket,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3ServiceException,
  UploadPartCommand,
  NoSuchUpload,
} from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { customerKey, encryptedAs, jsSdk, read } from '../../harness/s3/js-sdk.ts';
import { s3Scenarios } from '../../harness/s3/s3-scenario.ts';
import { expectSameBytes } from '../../harness/stored-files.ts';

s3Scenarios('what the AWS SDK for JavaScript is refused', (world) => {
  test('errors are of the classes that programs catch', async () => {
    const client = jsSdk(world());
    const Bucket = await world().bucket();
    const missing = { Bucket, Key: 'missing' };
    await expect(client.send(new GetObjectCommand(missing))).rejects.toBeInstanceOf(NoSuchKey);
    await expect(client.send(new HeadObjectCommand(missing))).rejects.toBeInstanceOf(NotFound);
    const elsewhere = { Bucket: world().bucketName() };
    await expect(client.send(new ListObjectsV2Command(elsewhere))).rejects.toBeInstanceOf(NoSuchBucket);
    const part = new UploadPartCommand({ ...missing, UploadId: 'none', PartNumber: 1, Body: 'x' });
    await expect(client.send(part)).rejects.toBeInstanceOf(NoSuchUpload);
    const kms = new PutObjectCommand({ ...missing, Body: 'x', ServerSideEncryption: 'aws:kms' });
    const refused: unknown = await client.send(kms).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(S3ServiceException);
    expect(refused).toMatchObject({ name: 'NotImplemented', $fault: 'server', $metadata: { httpStatusCode: 501 } });
    const { requestId } = (refused as S3ServiceException).$metadata;
    expect(requestId).toMatch(/^[0-9A-F]{16}$/);
  });

  test('writes under conditions, and reads under conditions', async () => {
    const client = jsSdk(world());
    const place = { Bucket: await world().bucket(), Key: 'f' };
    const put = (Body: string, more: object) => client.send(new PutObjectCommand({ ...place, Body, ...more }));
    const failed = { name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } };
    const { ETag } = await put('1', { IfNoneMatch: '*' });
    await expect(put('2', { IfNoneMatch: '*' })).rejects.toMatchObject(failed);
    await put('3', { IfMatch: ETag });
    await expect(put('4', { IfMatch: ETag })).rejects.toMatchObject(failed);
    const get = (more: object) => client.send(new GetObjectCommand({ ...place, ...more }));
    await expect(get({ IfMatch: ETag })).rejects.toMatchObject(failed);
    const future = get({ IfModifiedSince: new Date(Date.now() + 60_000) });
    expect(await (await future).Body?.transformToString()).toBe('3');
    const now = await client.send(new HeadObjectCommand(place));
    await expect(get({ IfNoneMatch: now.ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    await expect(get({ Range: 'bytes=5-' })).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  test('a wrong key of either kind, and a checksum that does not fit', async () => {
    const client = jsSdk(world());
    const place = { Bucket: await world().bucket(), Key: 'f' };
    const { sseC1, sseC2, none } = world().modes;
    const { content } = world().secretFile('source', 5000);
    await client.send(new PutObjectCommand({ ...place, Body: content, ...encryptedAs(sseC1) }));
    await expect(read(client, place, sseC2)).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(read(client, place, none)).rejects.toMatchObject({ name: 'InvalidRequest' });
    const noHead = client.send(new HeadObjectCommand({ ...place, ...customerKey(sseC2) }));
    await expect(noHead).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    expectSameBytes(await read(client, place, sseC1), content);
    const checksum = new PutObjectCommand({ ...place, Body: content, ChecksumCRC32: 'AAAAAA==' });
    await expect(client.send(checksum)).rejects.toMatchObject({ name: 'BadDigest' });
    const md5 = new PutObjectCommand({ ...place, Body: content, ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' });
    await expect(client.send(md5)).rejects.toMatchObject({ name: 'BadDigest' });
    const newer = new PutObjectCommand({ ...place, Body: content, ChecksumAlgorithm: 'MD5' });
    await expect(client.send(newer)).rejects.toMatchObject({ name: 'InvalidRequest' });
    const { keyId } = world().credentials;
    const wrong = jsSdk(world(), { credentials: { accessKeyId: keyId, secretAccessKey: 'wrong' } });
    await expect(read(wrong, place, sseC1)).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
    const unknown = jsSdk(world(), { credentials: { accessKeyId: '0'.repeat(25), secretAccessKey: 'wrong' } });
    await expect(read(unknown, place, sseC1)).rejects.toMatchObject({ name: 'InvalidAccessKeyId' });
  });
});

s3Scenarios(
  'buckets in the host name, with the AWS SDK for JavaScript',
  (world) => {
    test('objects are written, read and listed', async () => {
      const { port } = new URL(world().endpoint.url);
      // Not every resolver knows the names below localhost.
      const httpAgent = new Agent({
        lookup: (_name, _options, found) => {
          found(null, [{ address: '127.0.0.1', family: 4 }]);
        },
      });
      const client = jsSdk(world(), {
        endpoint: `http://localhost:${port}`,
        forcePathStyle: false,
        requestHandler: { httpAgent },
      });
      const Bucket = await world().bucket();
      for (const name of ['none', 'sseB2', 'sseC1'] as const) {
        const encryption = world().modes[name];
        const { content } = world()[name === 'none' ? 'file' : 'secretFile'](name, 5000);
        const put = { Bucket, Key: `dir/ü ${name}`, Body: content, ...encryptedAs(encryption) };
        await client.send(new PutObjectCommand(put));
        expectSameBytes(await read(client, { Bucket, Key: put.Key }, encryption), content);
      }
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
      expect(Contents.map(({ Key }) => Key)).toEqual(['dir/ü none', 'dir/ü sseB2', 'dir/ü sseC1']);
      const hosts = await client.config.endpoint?.();
      expect(hosts?.hostname).toBe('localhost');
    });
  },
  { schemes: ['http'] },
);
