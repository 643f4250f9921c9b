import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Encryption, Encryptions } from '../../harness/encryption.ts';
import { bytes, bytesOf, copiedFrom, encryptedWith, readWith, withBoto3 } from '../../harness/s3/boto3.ts';
import { s3Scenarios } from '../../harness/s3/s3-scenario.ts';
import { expectSameBytes } from '../../harness/stored-files.ts';
import type { TestFile } from '../../harness/test-file.ts';

const modes = ['none', 'sseB2', 'sseC1'] as const satisfies (keyof Encryptions)[];

/** The lists of a page, by their names. */
type Page = Readonly<Record<string, readonly Readonly<Record<string, string>>[] | undefined>>;

/** A part of 5 MiB and a rest. */
const large = 5_300_000;

s3Scenarios('boto3', (world) => {
  const boto3 = withBoto3(world);
  const withCrt = withBoto3(world, 'crt');

  const fileFor = (mode: keyof Encryptions, size: number): TestFile =>
    mode === 'none' ? world().file('source', size) : world().secretFile('source', size);

  const expectStored = async (bucket: string, key: string, encryption: Encryption, file: TestFile): Promise<void> => {
    const path = join(world().folder, 'target');
    await boto3.ok('download', { bucket, key, path, extra: readWith(encryption) });
    expectSameBytes(readFileSync(path), file.content);
  };

  test('the version under test is named', async () => {
    const versions = await boto3.ok('versions', {});
    console.log(`  boto3 is ${JSON.stringify(versions)}`);
    expect(versions['boto3']).toMatch(/^1\./);
  });

  test.each(modes)('the transfer manager: up, copied with every other, down, %s', async (from) => {
    const { [from]: source, none: _, ...others } = world().modes;
    const bucket = await world().bucket();
    for (const size of [3000, large]) {
      const file = fileFor(from, size);
      const key = `dir/ü ${size}`;
      await boto3.ok('upload', { path: file.path, bucket, key, extra: encryptedWith(source) });
      await expectStored(bucket, key, source, file);
      for (const target of Object.values(others)) {
        const extra = { ...copiedFrom(source), ...encryptedWith(target) };
        await boto3.ok('copy', { source: { Bucket: bucket, Key: key }, bucket, key: 'copy', extra });
        await expectStored(bucket, 'copy', target, file);
      }
    }
  });

  test.each(modes)('objects whose length nobody knows, %s', async (mode) => {
    const encryption = world().modes[mode];
    const bucket = await world().bucket();
    const file = fileFor(mode, large);
    const extra = encryptedWith(encryption);
    await boto3.ok('upload_stream', { path: file.path, bucket, key: 'parts', extra });
    await expectStored(bucket, 'parts', encryption, file);
    const put = { Bucket: bucket, Key: 'whole', Body: { $stream: file.path }, ...extra };
    // Sent in chunks that do not say how long the data is, which AWS refuses as well.
    expect(await boto3.refused('put_object', put)).toEqual({ code: 'MissingContentLength', status: 411 });
  });

  test.each(['when_supported', 'when_required'])('checksums are sent and checked %s', async (when) => {
    const settings = { request_checksum_calculation: when, response_checksum_validation: when };
    const { ok, refused } = withCrt.with(settings);
    const at = { Bucket: await world().bucket(), Key: 'file' };
    const { path, content } = world().secretFile('source', 200_000);
    const put = { ...at, Body: { $file: path }, ServerSideEncryption: 'AES256' };
    expect('ChecksumCRC32' in (await ok('put_object', put))).toBe(when === 'when_supported');
    expectSameBytes(bytesOf((await ok('get_object', at))['Body']), content);
    for (const ChecksumAlgorithm of ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256']) {
      const sent = await ok('put_object', { ...put, ChecksumAlgorithm });
      const read = await ok('get_object', { ...at, ChecksumMode: 'ENABLED' });
      const name = `Checksum${ChecksumAlgorithm}`;
      expect(read[name]).toBe(sent[name]);
      expect(sent[name]).toMatch(/=$/);
      expectSameBytes(bytesOf(read['Body']), content);
    }
    const wrong = createHash('sha256').update('something else').digest('base64');
    expect(await refused('put_object', { ...put, ChecksumSHA256: wrong })).toEqual({ code: 'BadDigest', status: 400 });
    const md5 = createHash('md5').update('something else').digest('base64');
    expect(await refused('put_object', { ...put, ContentMD5: md5 })).toEqual({ code: 'BadDigest', status: 400 });
  });

  test('a range, a wrong customer key and none', async () => {
    const { sseC1, sseC2, none } = world().modes;
    const Bucket = await world().bucket();
    const at = { Bucket, Key: 'file' };
    const file = world().secretFile('source', large);
    await boto3.ok('upload', { path: file.path, bucket: Bucket, key: 'file', extra: encryptedWith(sseC1) });
    const read = await boto3.ok('get_object', { ...at, ...readWith(sseC1), Range: 'bytes=5242870-5242890' });
    expect(read['ContentRange']).toBe(`bytes 5242870-5242890/${large}`);
    expectSameBytes(bytesOf(read['Body']), file.content.subarray(5_242_870, 5_242_891));
    const md5 = createHash('md5').update(file.content).digest('hex');
    expect(await boto3.ok('digest', { params: { ...at, ...readWith(sseC1) } })).toBe(md5);
    const copy = { Bucket, Key: 'copy', CopySource: at };
    const wrong = { code: 'AccessDenied', status: 403 };
    expect(await boto3.refused('get_object', { ...at, ...readWith(sseC2) })).toEqual(wrong);
    expect(await boto3.refused('get_object', { ...at, ...readWith(sseC2), IfMatch: '"no"' })).toEqual(wrong);
    expect(await boto3.refused('head_object', { ...at, ...readWith(sseC2) })).toEqual({ code: '403', status: 403 });
    expect(await boto3.refused('copy_object', { ...copy, ...copiedFrom(sseC2) })).toEqual(wrong);
    const missing = { code: 'InvalidRequest', status: 400 };
    expect(await boto3.refused('get_object', { ...at, ...readWith(none) })).toEqual(missing);
    expect(await boto3.refused('copy_object', copy)).toEqual(missing);
    const short = { ...at, SSECustomerAlgorithm: 'AES256', SSECustomerKey: bytes(Buffer.alloc(31)) };
    expect(await boto3.refused('put_object', { ...short, Body: '' })).toEqual({ code: 'InvalidArgument', status: 400 });
  });

  test('1,001 keys in pages, with and without delimiter, and their deletion', async () => {
    const bucket = await world().bucket();
    const keys = Array.from({ length: 1001 }, (_, at) => `dir-${at % 3}/${String(at).padStart(4, '0')} +ü`);
    await boto3.ok('put_many', { bucket, keys });
    const pages = (method: string, params: object): Promise<readonly Page[]> =>
      boto3.ok('pages', { method, params: { Bucket: bucket, ...params } });
    const all = await pages('list_objects_v2', {});
    expect(all).toHaveLength(2);
    const listed = all.flatMap(({ Contents = [] }) => Contents.map(({ Key }) => Key));
    expect(listed).toEqual(keys.toSorted());
    const below = await pages('list_objects_v2', { Delimiter: '/', PaginationConfig: { PageSize: 2 } });
    expect(below.flatMap(({ CommonPrefixes = [] }) => CommonPrefixes.map(({ Prefix }) => Prefix))).toEqual([
      ...['dir-0/', 'dir-1/', 'dir-2/'],
    ]);
    const older = await pages('list_objects', { Prefix: 'dir-1/' });
    expect(older.flatMap(({ Contents = [] }) => Contents)).toHaveLength(334);
    for (const part of [keys.slice(0, 1000), keys.slice(1000)]) {
      const Delete = { Objects: part.map((Key) => ({ Key })), Quiet: true };
      expect(await boto3.ok('delete_objects', { Bucket: bucket, Delete })).not.toHaveProperty('Errors');
    }
    expect((await pages('list_objects_v2', {}))[0]).not.toHaveProperty('Contents');
    const versions = await pages('list_object_versions', {});
    const count = (name: string): number => versions.flatMap(({ [name]: found = [] }) => found).length;
    expect([count('Versions'), count('DeleteMarkers')]).toEqual([1001, 1001]);
  });
});
