import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withAwsCli } from '../../harness/s3/aws-cli.ts';
import { apiCopyingFrom, apiReading, apiWriting } from '../../harness/s3/aws-encryption.ts';
import { s3Scenarios } from '../../harness/s3/s3-scenario.ts';
import { expectSameBytes } from '../../harness/stored-files.ts';

/** The smallest size of a part that is not the last. */
const partSize = 5_000_000;

s3Scenarios('aws s3api, multipart uploads by hand', (world) => {
  const aws = withAwsCli(world);
  const withCrt = withAwsCli(world, 'crt');

  test('with a customer key: parts sent and copied, listed, completed twice, read by part', async () => {
    const { sseC1, sseC2 } = world().modes;
    const bucket = await world().bucket();
    const at = ['--bucket', bucket, '--key', 'assembled'];
    const [source, body] = [world().secretFile('source', 5_200_000), world().secretFile('part', partSize)];
    const sourceAt = ['--bucket', bucket, '--key', 'sou rce'];
    await aws.ok('s3api', 'put-object', ...sourceAt, '--body', source.path, ...apiWriting(world(), sseC2));
    const key = apiReading(world(), sseC1);
    const { UploadId: id } = await aws.json('s3api', 'create-multipart-upload', ...at, ...key);
    const upload = [...at, '--upload-id', String(id)];
    const part = ['s3api', 'upload-part', ...upload, '--body', body.path, '--part-number', '1'];
    expect(await aws.refused(...part, ...apiReading(world(), sseC2))).toContain('(InvalidRequest)');
    const sent = await aws.json(...part, ...key);
    expect(sent).toMatchObject({ SSECustomerAlgorithm: 'AES256' });
    const copied = await aws.json(
      ...['s3api', 'upload-part-copy', ...upload, '--part-number', '2', ...key],
      ...['--copy-source', `${bucket}/sou rce`, '--copy-source-range', 'bytes=100000-5199999'],
      ...apiCopyingFrom(world(), sseC2),
    );
    const { ETag: copiedTag } = copied['CopyPartResult'] as { ETag: string };
    expect(await aws.json('s3api', 'list-multipart-uploads', '--bucket', bucket)).toMatchObject({
      Uploads: [{ Key: 'assembled', UploadId: id }],
    });
    expect(await aws.json('s3api', 'list-parts', ...upload, '--page-size', '1')).toMatchObject({
      Parts: [
        { PartNumber: 1, Size: partSize, ETag: sent['ETag'] },
        { PartNumber: 2, Size: 5_100_000, ETag: copiedTag },
      ],
    });
    const parts = [sent['ETag'], copiedTag].map((ETag, index) => ({ PartNumber: index + 1, ETag }));
    const complete = ['s3api', 'complete-multipart-upload', ...upload, '--multipart-upload'];
    const completed = await aws.json(...complete, JSON.stringify({ Parts: parts }));
    expect(await aws.json(...complete, JSON.stringify({ Parts: parts }))).toMatchObject({ ETag: completed['ETag'] });
    const target = join(world().folder, 'target');
    await aws.ok('s3api', 'get-object', ...at, ...key, target);
    expectSameBytes(readFileSync(target), Buffer.concat([body.content, source.content.subarray(100_000)]));
    const second = await aws.json('s3api', 'get-object', ...at, ...key, '--part-number', '2', target);
    expect(second).toMatchObject({ PartsCount: 2, ContentRange: 'bytes 5000000-10099999/10100000' });
    expectSameBytes(readFileSync(target), source.content.subarray(100_000));
  });

  test.each(['CRC32', 'CRC64NVME', 'SHA256'])('checksums of parts and of the whole: %s', async (algorithm) => {
    const at = ['--bucket', await world().bucket(), '--key', 'file'];
    const options = ['--checksum-algorithm', algorithm, '--server-side-encryption', 'AES256'];
    const { UploadId: id } = await withCrt.json('s3api', 'create-multipart-upload', ...at, ...options);
    const upload = [...at, '--upload-id', String(id)];
    const name = `Checksum${algorithm}`;
    const parts = [];
    for (const [PartNumber, size] of [partSize, 1000].entries()) {
      const body = ['--body', world().secretFile('part', size).path, '--checksum-algorithm', algorithm];
      const number = PartNumber + 1;
      const sent = await withCrt.json('s3api', 'upload-part', ...upload, ...body, '--part-number', String(number));
      parts.push({ PartNumber: number, ETag: sent['ETag'], [name]: sent[name] });
    }
    const list = JSON.stringify({ Parts: parts });
    const completed = await withCrt.json('s3api', 'complete-multipart-upload', ...upload, '--multipart-upload', list);
    expect(completed['ChecksumType']).toBe(algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
    expect(await withCrt.json('s3api', 'head-object', ...at, '--checksum-mode', 'ENABLED')).toMatchObject({
      [name]: completed[name],
    });
    const wanted = ['--object-attributes', 'ObjectParts', 'Checksum'];
    expect(await withCrt.json('s3api', 'get-object-attributes', ...at, ...wanted)).toMatchObject({
      Checksum: { [name]: String(completed[name]).replace(/-2$/, '') },
      ObjectParts: { TotalPartsCount: 2, ...(algorithm === 'SHA256' ? { Parts: [{ Size: partSize }, {}] } : {}) },
    });
  });

  test('abort, and uploads that are not there or have other parts', async () => {
    const bucket = await world().bucket();
    const at = ['--bucket', bucket, '--key', 'file'];
    const { UploadId: id } = await aws.json('s3api', 'create-multipart-upload', ...at);
    const upload = [...at, '--upload-id', String(id)];
    const body = join(world().folder, 'part');
    writeFileSync(body, 'a part');
    const sent = await aws.json('s3api', 'upload-part', ...upload, '--body', body, '--part-number', '1');
    const complete = (...parts: readonly object[]) =>
      aws.refused(
        ...['s3api', 'complete-multipart-upload', ...upload],
        ...['--multipart-upload', JSON.stringify({ Parts: parts })],
      );
    const first = { PartNumber: 1, ETag: sent['ETag'] };
    expect(await complete(first, { PartNumber: 2, ETag: sent['ETag'] })).toContain('(InvalidPart)');
    expect(await complete({ PartNumber: 2, ETag: sent['ETag'] }, first)).toContain('(InvalidPartOrder)');
    await aws.ok('s3api', 'abort-multipart-upload', ...upload);
    expect(await complete(first)).toContain('(NoSuchUpload)');
    expect(await aws.refused('s3api', 'list-parts', ...upload)).toContain('(NoSuchUpload)');
    expect(await aws.json('s3api', 'list-multipart-uploads', '--bucket', bucket)).not.toHaveProperty('Uploads');
  });
});
