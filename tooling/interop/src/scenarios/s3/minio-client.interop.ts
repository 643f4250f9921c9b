import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { CopyConditions, CopyDestinationOptions, CopySourceOptions } from 'minio';
import { describe, expect, test } from 'vitest';
import {
  bytesOf,
  encryptionHeaders,
  entriesOf,
  minioClient,
  minioPartSize,
  readingWith,
  sourceKeyHeaders,
} from '../../harness/s3/minio.ts';
import { plainRequest, sendForm } from '../../harness/s3/plain-request.ts';
import { s3Scenarios } from '../../harness/s3/s3-scenario.ts';
import { expectSameBytes } from '../../harness/stored-files.ts';

s3Scenarios("minio's client for Node", (world) => {
  describe.each(['none', 'sseB2', 'sseC1'] as const)('with %s', (mode) => {
    const source = (size: number): Buffer => world()[mode === 'none' ? 'file' : 'secretFile']('source', size).content;

    test('objects are put, described, read whole and in part, and copied', async () => {
      const client = minioClient(world());
      const bucket = world().bucketName();
      await client.makeBucket(bucket);
      expect(await client.bucketExists(bucket)).toBe(true);
      const encryption = world().modes[mode];
      const all = source(70_000);
      for (const content of [Buffer.alloc(0), all]) {
        const name = `dir/ü +%&?#=;:@ ${content.length}`;
        const about = { 'Content-Type': 'text/x-test', colour: 'blue' };
        const put = await client.putObject(bucket, name, content, content.length, {
          ...about,
          ...encryptionHeaders(encryption),
        });
        expectSameBytes(await bytesOf(await client.getObject(bucket, name, readingWith(encryption))), content);
        if (mode !== 'sseC1') {
          const { size, etag, metaData, versionId } = await client.statObject(bucket, name);
          expect({ size, etag, versionId }).toEqual({ size: content.length, ...put });
          expect(metaData).toMatchObject({ 'content-type': 'text/x-test', colour: 'blue' });
        }
        if (content.length === 0) continue;
        const part = await client.getPartialObject(bucket, name, 16_380, 10, readingWith(encryption));
        expectSameBytes(await bytesOf(part), content.subarray(16_380, 16_390));
        await client.putObject(bucket, 'dir/ü %&', content, content.length, encryptionHeaders(encryption));
        const from = new CopySourceOptions({ Bucket: bucket, Object: 'dir/ü %&' });
        const Headers = { ...encryptionHeaders(encryption), ...sourceKeyHeaders(encryption) };
        await client.copyObject(from, new CopyDestinationOptions({ Bucket: bucket, Object: 'copy', Headers }));
        expectSameBytes(await bytesOf(await client.getObject(bucket, 'copy', readingWith(encryption))), content);
      }
    });
  });

  describe.each(['none', 'sseB2'] as const)('with %s', (mode) => {
    test('a stream becomes a multipart upload', async () => {
      const client = minioClient(world());
      const bucket = await world().bucket();
      const { content } = world()[mode === 'none' ? 'file' : 'secretFile']('source', minioPartSize + 70_000);
      const headers = encryptionHeaders(world().modes[mode]);
      for (const size of [content.length, undefined]) {
        const name = `streamed, length ${size === undefined ? 'unknown' : 'known'}`;
        await client.putObject(bucket, name, Readable.from([content]), size, { ...headers, colour: 'red' });
        const { etag, metaData } = await client.statObject(bucket, name);
        // The client makes one part of what its source gives at once.
        expect(etag).toMatch(/-[12]$/);
        expect(metaData).toMatchObject({ colour: 'red', ...headers });
        expectSameBytes(await bytesOf(await client.getObject(bucket, name)), content);
      }
    });
  });

  test('lists of both versions, with and without folders, and of versions; many are deleted', async () => {
    const client = minioClient(world());
    const bucket = await world().bucket();
    const names = ['a b', 'a+b', 'dir/1', 'dir/sub/2', 'ü/é', '漢&<>'];
    for (const name of [...names, 'a b']) await client.putObject(bucket, name, name);
    const shown = async (stream: Readable): Promise<readonly (string | undefined)[]> =>
      (await entriesOf<{ name?: string; prefix?: string }>(stream)).map(({ name, prefix }) => name ?? prefix);
    const folders = ['a b', 'a+b', '漢&<>', 'dir/', 'ü/'];
    expect(await shown(client.listObjects(bucket, '', true))).toEqual(names);
    expect((await shown(client.listObjects(bucket, '', false))).toSorted()).toEqual(folders.toSorted());
    expect(await shown(client.listObjectsV2(bucket, '', true, ''))).toEqual(names);
    expect((await shown(client.listObjectsV2(bucket, '', false, ''))).toSorted()).toEqual(folders.toSorted());
    expect(await shown(client.listObjectsV2(bucket, 'dir/', true, 'dir/1'))).toEqual(['dir/sub/2']);
    expect(await shown(client.extensions.listObjectsV2WithMetadata(bucket, 'dir/', true, ''))).toEqual([
      'dir/1',
      'dir/sub/2',
    ]);
    const all = client.listObjects(bucket, '', true, { IncludeVersion: true });
    const versions = await entriesOf<{ name: string; versionId: string }>(all);
    expect(versions.map(({ name }) => name)).toEqual(['a b', ...names]);
    expect(await client.removeObjects(bucket, names)).toEqual([]);
    expect(await shown(client.listObjects(bucket, '', true))).toEqual([]);
    const both = await entriesOf<{ name: string; versionId: string }>(
      client.listObjects(bucket, '', true, { IncludeVersion: true }),
    );
    expect(both).toHaveLength(13);
    expect(await client.removeObjects(bucket, both)).toEqual([]);
    await client.removeBucket(bucket);
    expect(await client.bucketExists(bucket)).toBe(false);
  });

  test('copies under conditions, and objects composed of others', async () => {
    const client = minioClient(world());
    const bucket = await world().bucket();
    const parts = [world().file('1', minioPartSize).content, world().file('2', 3000).content];
    const { etag } = await client.putObject(bucket, 'one', parts[0] ?? '');
    await client.putObject(bucket, 'two', parts[1] ?? '');
    const conditions = new CopyConditions();
    conditions.setMatchETagExcept(etag);
    const refused = client.copyObject(bucket, 'copy', `/${bucket}/one`, conditions);
    await expect(refused).rejects.toMatchObject({ code: 'PreconditionFailed' });
    const sources = ['one', 'two'].map((name) => new CopySourceOptions({ Bucket: bucket, Object: name }));
    await client.composeObject(new CopyDestinationOptions({ Bucket: bucket, Object: 'composed' }), sources);
    expectSameBytes(await bytesOf(await client.getObject(bucket, 'composed')), Buffer.concat(parts));
  });

  test('an interrupted upload is found and taken up, and another is removed', async () => {
    const client = minioClient(world());
    const bucket = await world().bucket();
    const { content } = world().file('source', minioPartSize + 3000);
    const interrupted = async (objectName: string): Promise<string> => {
      const uploadID = await client.initiateNewMultipartUpload(bucket, objectName, { 'x-amz-meta-colour': 'red' });
      const first = content.subarray(0, minioPartSize);
      await client.uploadPart({ bucketName: bucket, objectName, uploadID, partNumber: 1, headers: {} }, first);
      return uploadID;
    };
    const uploads = [await interrupted('dir/again'), await interrupted('dir/ü')];
    const unfinished = async (): Promise<object[]> => entriesOf(client.listIncompleteUploads(bucket, 'dir/', true));
    expect(await unfinished()).toMatchObject([
      { key: 'dir/again', size: minioPartSize },
      { key: 'dir/ü', size: minioPartSize },
    ]);
    await client.putObject(bucket, 'dir/again', Readable.from([content]), content.length);
    const { versionId, metaData } = await client.statObject(bucket, 'dir/again');
    expect(metaData).toMatchObject({ colour: 'red' });
    expect(versionId).toBe(uploads[0]);
    expectSameBytes(await bytesOf(await client.getObject(bucket, 'dir/again')), content);
    await client.removeIncompleteUpload(bucket, 'dir/ü');
    expect(await unfinished()).toEqual([]);
  });

  test('URLs for those who have no key', async () => {
    const client = minioClient(world());
    const { endpoint } = world();
    const bucket = await world().bucket();
    const { content } = world().file('source', 5000);
    const putUrl = await client.presignedPutObject(bucket, 'dir/ü +', 60);
    expect((await plainRequest(endpoint, { url: putUrl, method: 'PUT', body: content })).status).toBe(200);
    const asked = { 'response-content-type': 'text/x-asked' };
    const answer = await plainRequest(endpoint, { url: await client.presignedGetObject(bucket, 'dir/ü +', 60, asked) });
    expect(answer.headers['content-type']).toBe('text/x-asked');
    expectSameBytes(answer.body, content);
  });

  test('a form puts an object under its policy', async () => {
    const client = minioClient(world());
    const { endpoint } = world();
    const bucket = await world().bucket();
    const { content } = world().file('source', 5000);
    const policy = client.newPostPolicy();
    policy.setBucket(bucket);
    policy.setKeyStartsWith('up/');
    policy.setContentType('text/x-form');
    policy.setContentLengthRange(1, 10_000);
    policy.setUserMetaData({ colour: 'blue' });
    const { postURL, formData } = await client.presignedPostPolicy(policy);
    const fields = { ...(formData as Record<string, string>), key: 'up/ü' };
    const made = await sendForm(endpoint, postURL, fields, content);
    expect(made.status, made.body.toString()).toBe(204);
    expectSameBytes(await bytesOf(await client.getObject(bucket, 'up/ü')), content);
    expect((await client.statObject(bucket, 'up/ü')).metaData).toMatchObject({
      colour: 'blue',
      'content-type': 'text/x-form',
    });
    const refused = await sendForm(endpoint, postURL, { ...fields, key: 'down/ü' }, content);
    expect(refused.status).toBe(403);
  });

  test('the version under test is named', () => {
    const { version } = createRequire(import.meta.url)('minio/package.json') as { version: string };
    console.log(`  minio is ${version}`);
    expect(version).toMatch(/^8\./);
  });
});

s3Scenarios(
  "minio's client for Node in another region",
  (world) => {
    // The client signs its question after the region for us-east-1.
    test('the region of a bucket is asked for, and used', async () => {
      const client = minioClient(world());
      const bucket = world().bucketName();
      await client.makeBucket(bucket, 'eu-central-1');
      await client.putObject(bucket, 'f', 'hello');
      expect((await bytesOf(await client.getObject(bucket, 'f'))).toString()).toBe('hello');
      expect(await client.getBucketRegionAsync(bucket)).toBe('eu-central-1');
    });
  },
  { options: ['--s3-region', 'eu-central-1', '--s3-region-aliases', 'us-east-1'] },
);
