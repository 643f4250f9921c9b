import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Encryption, Encryptions } from '../../harness/encryption.ts';
import { withAwsCli } from '../../harness/s3/aws-cli.ts';
import { apiCopyingFrom, apiReading, apiWriting, writtenOut } from '../../harness/s3/aws-encryption.ts';
import { s3Scenarios } from '../../harness/s3/s3-scenario.ts';
import { expectSameBytes } from '../../harness/stored-files.ts';

const modes = ['none', 'sseB2', 'sseC1'] as const satisfies (keyof Encryptions)[];

/** What answers say of an encryption. */
function described({ mode }: Encryption): object {
  if (mode === 'none') return {};
  return mode === 'SSE-B2' ? { ServerSideEncryption: 'AES256' } : { SSECustomerAlgorithm: 'AES256' };
}

s3Scenarios('aws s3api, objects', (world) => {
  const aws = withAwsCli(world);
  const withCrt = withAwsCli(world, 'crt');

  test.each(modes)('put, head, get, a range and its attributes with %s', async (mode) => {
    const encryption = world().modes[mode];
    const at = ['--bucket', await world().bucket(), '--key', 'file'];
    const { path, content } = mode === 'none' ? world().file('f', 40_000) : world().secretFile('f', 40_000);
    const put = await aws.json('s3api', 'put-object', ...at, '--body', path, ...apiWriting(world(), encryption));
    expect(put).toMatchObject({ ...described(encryption), ChecksumType: 'FULL_OBJECT' });
    const keys = apiReading(world(), encryption);
    const head = await aws.json('s3api', 'head-object', ...at, ...keys);
    expect(head).toMatchObject({ ...described(encryption), ETag: put['ETag'], ContentLength: 40_000 });
    const target = join(world().folder, 'target');
    await aws.ok('s3api', 'get-object', ...at, ...keys, '--checksum-mode', 'ENABLED', target);
    expectSameBytes(readFileSync(target), content);
    await aws.ok('s3api', 'get-object', ...at, ...keys, '--range', 'bytes=16380-16390', target);
    expectSameBytes(readFileSync(target), content.subarray(16_380, 16_391));
    const attributes = ['--object-attributes', 'ETag', 'Checksum', 'ObjectSize', 'StorageClass'];
    const { ChecksumCRC32: checksum } = put;
    expect(checksum).toMatch(/=$/);
    expect(
      await aws.json('s3api', 'get-object-attributes', ...at, ...writtenOut(world(), encryption), ...attributes),
    ).toMatchObject({
      ETag: String(put['ETag']).replaceAll('"', ''),
      ObjectSize: 40_000,
      StorageClass: 'STANDARD',
      Checksum: { ChecksumCRC32: checksum, ChecksumType: 'FULL_OBJECT' },
    });
  });

  test('a wrong customer key and none, for all that reads', async () => {
    const { sseC1, sseC2, none } = world().modes;
    const bucket = await world().bucket();
    const at = ['--bucket', bucket, '--key', 'file'];
    const { path } = world().secretFile('f', 3000);
    await aws.ok('s3api', 'put-object', ...at, '--body', path, ...apiWriting(world(), sseC1));
    const refused = async (encryption: Encryption): Promise<readonly string[]> => [
      await aws.refused('s3api', 'head-object', ...at, ...apiReading(world(), encryption)),
      await aws.refused('s3api', 'get-object', ...at, ...apiReading(world(), encryption), 'target'),
      await aws.refused(
        ...['s3api', 'copy-object', '--bucket', bucket, '--key', 'copy', '--copy-source', `${bucket}/file`],
        ...apiCopyingFrom(world(), encryption),
      ),
    ];
    const errors = (head: string, others: string): readonly unknown[] =>
      [head, others, others].map((code) => expect.stringContaining(`(${code})`) as unknown);
    expect(await refused(sseC2)).toEqual(errors('403', 'AccessDenied'));
    expect(await refused(none)).toEqual(errors('400', 'InvalidRequest'));
  });

  test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'])('checksums: %s', async (algorithm) => {
    const at = ['--bucket', await world().bucket(), '--key', 'file'];
    const { path, content } = world().secretFile('f', 70_000);
    const options = ['--checksum-algorithm', algorithm, '--server-side-encryption', 'AES256'];
    const { [`Checksum${algorithm}`]: sum } = await withCrt.json(
      's3api',
      'put-object',
      ...at,
      '--body',
      path,
      ...options,
    );
    expect(sum).toMatch(/=$/);
    const target = join(world().folder, 'target');
    const got = await withCrt.json('s3api', 'get-object', ...at, '--checksum-mode', 'ENABLED', target);
    expect(got[`Checksum${algorithm}`]).toBe(sum);
    expectSameBytes(readFileSync(target), content);
  });

  test('a checksum that does not fit', async () => {
    const at = ['--bucket', await world().bucket(), '--key', 'file'];
    const wrong = ['--checksum-crc32', 'AAAAAA==', '--body', world().file('f', 3000).path];
    expect(await aws.refused('s3api', 'put-object', ...at, ...wrong)).toContain('(BadDigest)');
    expect(await aws.refused('s3api', 'head-object', ...at)).toContain('(404)');
  });

  test('conditions', async () => {
    const at = ['--bucket', await world().bucket(), '--key', 'file'];
    const put = ['s3api', 'put-object', ...at, '--body', world().file('f', 3000).path];
    const { ETag: first } = await aws.json(...put, '--if-none-match', '*');
    expect(await aws.refused(...put, '--if-none-match', '*')).toContain('(PreconditionFailed)');
    expect(await aws.refused(...put, '--if-match', '"0123456789abcdef0123456789abcdef"')).toContain('PreconditionFail');
    await aws.ok(...put, '--if-match', String(first));
    const head = ['s3api', 'head-object', ...at];
    expect(await aws.refused(...head, '--if-none-match', String(first))).toContain('(304)');
    expect(await aws.refused(...head, '--if-match', '"0123456789abcdef0123456789abcdef"')).toContain('(412)');
    expect(await aws.refused(...head, '--if-unmodified-since', '2001-01-01')).toContain('(412)');
    await aws.ok(...head, '--if-modified-since', '2001-01-01');
  });

  test('list-objects-v2 in pages, with delimiter, prefix and odd names, and delete-objects', async () => {
    const bucket = await world().bucket();
    const names = ['a b+c', 'a%20b', 'dir/one', 'dir/two', 'dir/ü&<>', 'other/x', 'z'];
    const body = world().file('f', 10).path;
    for (const name of names) await aws.ok('s3api', 'put-object', '--bucket', bucket, '--key', name, '--body', body);
    const list = (...options: readonly string[]) =>
      aws.json('s3api', 'list-objects-v2', '--bucket', bucket, ...options);
    const keysOf = (page: Readonly<Record<string, unknown>>): readonly string[] =>
      (page['Contents'] as readonly { Key: string }[]).map(({ Key }) => Key);
    expect(keysOf(await list('--page-size', '2'))).toEqual(names.toSorted());
    expect(await list('--delimiter', '/', '--page-size', '1', '--no-fetch-owner')).toMatchObject({
      Contents: [{ Key: 'a b+c' }, { Key: 'a%20b' }, { Key: 'z', Size: 10, StorageClass: 'STANDARD' }],
      CommonPrefixes: [{ Prefix: 'dir/' }, { Prefix: 'other/' }],
    });
    expect(keysOf(await list('--prefix', 'dir/', '--start-after', 'dir/one'))).toEqual(['dir/two', 'dir/ü&<>']);
    const objects = [...names, 'absent'].map((Key) => ({ Key }));
    const request = JSON.stringify({ Objects: objects, Quiet: false });
    const deleted = await aws.json('s3api', 'delete-objects', '--bucket', bucket, '--delete', request);
    expect(deleted['Deleted']).toHaveLength(objects.length);
    expect(await list()).not.toHaveProperty('Contents');
  });
});
