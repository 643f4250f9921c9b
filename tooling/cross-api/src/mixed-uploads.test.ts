import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { TestUpload } from '../../../packages/s3-protocol/src/test-support/multipart.ts';
import { childText } from '../../../packages/s3-protocol/src/test-support/test-server.ts';
import { encryptions, type Mode } from './customer-keys.ts';
import { openTwoFaces, type TwoFaces } from './two-faces.ts';
import { b2Wire } from './wires/b2-wire.ts';
import { s3Wire } from './wires/s3-wire.ts';
import type { BucketNames, VersionNames, Wire } from './wires/wire.ts';

let faces: TwoFaces;
let bucket: BucketNames;
let wires: { readonly b2: Wire; readonly s3: Wire };
beforeEach(async () => {
  faces = await openTwoFaces();
  wires = { b2: b2Wire(faces.b2), s3: s3Wire(faces.s3) };
  bucket = { name: 'bucket', bucketId: await faces.s3.createBucket('bucket') };
});

const md5 = (data: string | Uint8Array) => createHash('md5').update(data);
const parts = ['1'.repeat(50), '2'.repeat(16_500), '3'.repeat(20), '4'.repeat(7)] as const;

const modes: readonly Mode[] = ['none', 'SSE-B2', 'SSE-C 1'];
const names = ['b2', 's3'] as const;
const kinds = modes.flatMap((mode) =>
  names.flatMap((starter) => names.map((finisher) => ({ mode, starter, finisher }))),
);

describe.each(kinds)('a large file with $mode that $starter began and $finisher finishes', (kind) => {
  const { mode, starter, finisher } = kind;
  const begin = async (): Promise<VersionNames> => {
    const made = await wires[starter].start(bucket, 'big', mode);
    expect(made).toMatchObject({ done: true });
    return { name: 'big', fileId: made.done ? made.fileId : '', mode };
  };

  it('has the parts that both sent and copied', async () => {
    const source = { name: 'source', mode: 'SSE-C 2' as const };
    const put = await wires.s3.put(bucket, 'source', parts[2], 'SSE-C 2');
    const file = await begin();
    await wires.b2.part(bucket, file, 1, 'an earlier attempt');
    await wires.s3.part(bucket, file, 1, parts[0]);
    await wires.b2.part(bucket, file, 2, parts[1]);
    await wires.b2.copyPart(bucket, file, 3, { ...source, fileId: put.done ? put.fileId : '', bucket });
    await wires.s3.part(bucket, file, 4, parts[3]);
    for (const wire of [wires.b2, wires.s3]) {
      expect(await wire.listUnfinished(bucket)).toEqual([file.fileId]);
      expect(await wire.listParts(bucket, file)).toEqual(parts.map((part, index) => [index + 1, part.length]));
      expect((await wire.read(bucket, file)).status).toBe(404);
    }
    const sent = new Map(parts.map((part, index) => [index + 1, part]));
    expect(await wires[finisher].finish(bucket, file, sent)).toEqual({ done: true });
    for (const wire of [wires.b2, wires.s3]) {
      expect(await wire.read(bucket, file)).toEqual({ status: 200, text: parts.join('') });
      expect(await wire.listUnfinished(bucket)).toEqual([]);
    }
    const target = `/bucket/big?partNumber=2`;
    const part = await faces.s3.ok({ target, headers: encryptions[mode].s3Reading });
    expect([part.text, part.headers.get('x-amz-mp-parts-count')]).toEqual([parts[1], '4']);
    const tag = part.headers.get('etag');
    const ofParts = md5(Buffer.concat(parts.map((data) => md5(data).digest()))).digest('hex');
    if (mode === 'SSE-C 1') expect(tag).toMatch(/^"[0-9a-f]{32}-4"$/);
    else expect(tag).toBe(`"${ofParts}-4"`);
    const info = await faces.b2.ok('b2_get_file_info', { fileId: file.fileId });
    expect([info.contentSha1, info.contentMd5]).toEqual(['none', null]);
  });

  it('is cancelled by either', async () => {
    const file = await begin();
    await wires.b2.part(bucket, file, 1, parts[0]);
    await wires.s3.part(bucket, file, 2, parts[1]);
    await wires[finisher].cancel(bucket, file);
    for (const wire of [wires.b2, wires.s3]) expect(await wire.listUnfinished(bucket)).toEqual([]);
    expect(await faces.storage.recovery.recover()).toMatchObject({ orphanBlobs: 0, leftovers: 0 });
  });

  it('takes parts of both with its own key only', async () => {
    const file = await begin();
    const wrong: Mode = mode === 'SSE-C 1' ? 'SSE-C 2' : 'SSE-C 1';
    await expect(wires.b2.part(bucket, { ...file, mode: wrong }, 1, parts[0])).rejects.toThrow();
    await expect(wires.s3.part(bucket, { ...file, mode: wrong }, 1, parts[0])).rejects.toThrow();
    for (const wire of [wires.b2, wires.s3]) expect(await wire.listParts(bucket, file)).toEqual([]);
  });
});

describe('an upload with checksums', () => {
  it('takes native parts, which get them too', async () => {
    const headers = { 'x-amz-checksum-algorithm': 'CRC32', 'x-amz-checksum-type': 'FULL_OBJECT' };
    const upload = await TestUpload.start(faces.s3, '/bucket/big', { headers });
    const file: VersionNames = { name: 'big', fileId: upload.uploadId, mode: 'none' };
    // The check value of the CRC's definition is that of these digits.
    await wires.b2.part(bucket, file, 1, '123456789');
    const { xml } = await faces.s3.ok({ target: upload.target });
    const etag = `"${md5('123456789').digest('hex')}"`;
    const done = await upload.complete([{ partNumber: 1, etag }]);
    expect(childText(xml, 'ChecksumAlgorithm')).toBe('CRC32');
    expect(childText(done.xml, 'ChecksumCRC32')).toBe('y/Q5Jg==');
  });

  it('is finished natively, and has its checksum', async () => {
    const headers = { 'x-amz-checksum-algorithm': 'CRC32', 'x-amz-checksum-type': 'FULL_OBJECT' };
    const upload = await TestUpload.start(faces.s3, '/bucket/big', { headers });
    const file: VersionNames = { name: 'big', fileId: upload.uploadId, mode: 'none' };
    const sent = new Map([
      [1, '1234567890'],
      [2, 'abc'],
    ]);
    for (const [number, data] of sent) await wires.s3.part(bucket, file, number, data);
    expect(await wires.b2.finish(bucket, file, sent)).toEqual({ done: true });
    await faces.s3.ok({ method: 'PUT', target: '/bucket/whole', body: '1234567890abc' });
    const copying = { 'x-amz-copy-source': '/bucket/whole', 'x-amz-checksum-algorithm': 'CRC32' };
    const copied = await faces.s3.ok({ method: 'PUT', target: '/bucket/copied', headers: copying });
    const asking = { 'x-amz-checksum-mode': 'ENABLED' };
    const read = await faces.s3.ok({ method: 'HEAD', target: '/bucket/big', headers: asking });
    expect(read.headers.get('x-amz-checksum-crc32')).toBe(childText(copied.xml, 'ChecksumCRC32'));
  });

  it('cannot be finished natively where a number is left out, but by S3', async () => {
    const upload = await TestUpload.start(faces.s3, '/bucket/big');
    const file: VersionNames = { name: 'big', fileId: upload.uploadId, mode: 'none' };
    const sent = new Map([
      [2, '1234567890'],
      [5, 'abc'],
    ]);
    for (const [number, data] of sent) await wires.b2.part(bucket, file, number, data);
    expect(await wires.b2.finish(bucket, file, sent)).toMatchObject({ done: false });
    expect(await wires.s3.finish(bucket, file, sent)).toEqual({ done: true });
    expect((await wires.b2.read(bucket, file)).text).toBe('1234567890abc');
  });
});
