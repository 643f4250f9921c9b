import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  paginateListParts,
  UploadPartCommand,
  UploadPartCopyCommand,
  PutObjectCommand,
  type CompletedPart,
  type CreateMultipartUploadCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import type { Encryption } from '../../harness/encryption.ts';
import { customerKey, encryptedAs, expectShownAs, head, jsSdk, read, sourceKey } from '../../harness/s3/js-sdk.ts';
import { s3Scenarios } from '../../harness/s3/s3-scenario.ts';
import { expectSameBytes } from '../../harness/stored-files.ts';

/** The server takes parts of 200 bytes; this is more than one piece of a stream. */
const partSize = 200_000;

/** How the checksum of a whole object comes about: from its content, or from the checksums of its parts. */
const checksums = [
  { mode: 'none', algorithm: 'CRC32', type: 'COMPOSITE' },
  { mode: 'none', algorithm: 'CRC64NVME', type: 'FULL_OBJECT' },
  { mode: 'sseB2', algorithm: 'SHA256', type: 'COMPOSITE' },
  { mode: 'sseB2', algorithm: 'CRC32C', type: 'FULL_OBJECT' },
  { mode: 'sseC1', algorithm: 'SHA1', type: 'COMPOSITE' },
  { mode: 'sseC1', algorithm: 'CRC32', type: 'FULL_OBJECT' },
] as const;

interface Started {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string;
}

async function start(client: S3Client, input: CreateMultipartUploadCommandInput): Promise<Started> {
  const { UploadId = '' } = await client.send(new CreateMultipartUploadCommand(input));
  return { Bucket: input.Bucket ?? '', Key: input.Key ?? '', UploadId };
}

s3Scenarios('multipart uploads of the AWS SDK for JavaScript', (world) => {
  const encryptionOf = (mode: 'none' | 'sseB2' | 'sseC1'): Encryption => world().modes[mode];

  test.each(checksums)('with $mode, parts with $algorithm make a $type checksum', async ({ mode, algorithm, type }) => {
    const client = jsSdk(world());
    const encryption = encryptionOf(mode);
    const { content } = world()[mode === 'none' ? 'file' : 'secretFile']('source', partSize + 10);
    const place = { Bucket: await world().bucket(), Key: 'large' };
    const settings = { ChecksumAlgorithm: algorithm, ChecksumType: type, Metadata: { colour: 'red' } };
    const upload = await start(client, { ...place, ...settings, ...encryptedAs(encryption) });
    const Parts: CompletedPart[] = [];
    for (const [at, Body] of [content.subarray(0, partSize), content.subarray(partSize)].entries()) {
      const input = { ...upload, PartNumber: at + 1, Body, ChecksumAlgorithm: algorithm };
      const part = await client.send(new UploadPartCommand({ ...input, ...customerKey(encryption) }));
      expectShownAs(part, encryption);
      Parts.push({ ...pick(part, ['ETag', `Checksum${algorithm}`]), PartNumber: at + 1 });
    }
    for await (const { Parts: listed = [], ChecksumType } of paginateListParts({ client, pageSize: 1 }, upload)) {
      expect(ChecksumType).toBe(type);
      for (const part of listed) expect(part).toMatchObject(Parts[(part.PartNumber ?? 0) - 1] ?? {});
    }
    const complete = { ...upload, MultipartUpload: { Parts }, ChecksumType: type, MpuObjectSize: content.length };
    const made = await client.send(new CompleteMultipartUploadCommand(complete));
    expect(made.ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    const shown = await head(client, place, encryption);
    expectShownAs(shown, encryption);
    expect(shown).toMatchObject({ ETag: made.ETag, Metadata: { colour: 'red' }, ChecksumType: type });
    const checksum = shown[`Checksum${algorithm}`] ?? '';
    expect(checksum).toMatch(type === 'COMPOSITE' ? /=*-2$/ : /^[\w+/]+=*$/);
    expect(checksum).toBe(made[`Checksum${algorithm}`]);
    expectSameBytes(await read(client, place, encryption), content);
    expectSameBytes(await read(client, { ...place, PartNumber: 2 }, encryption), content.subarray(partSize));
    const attributes = await client.send(
      new GetObjectAttributesCommand({
        ...place,
        ...customerKey(encryption),
        ObjectAttributes: ['Checksum', 'ETag', 'ObjectParts', 'ObjectSize', 'StorageClass'],
      }),
    );
    expect(attributes).toMatchObject({
      ObjectSize: content.length,
      ETag: made.ETag?.replaceAll('"', ''),
      ObjectParts: { TotalPartsCount: 2 },
      Checksum: { ChecksumType: type },
    });
  });

  describe.each(['none', 'sseB2', 'sseC1'] as const)('with %s', (mode) => {
    test('parts are copied from ranges of an object under another key', async () => {
      const client = jsSdk(world());
      const encryption = encryptionOf(mode);
      const Bucket = await world().bucket();
      const { content } = world()[mode === 'none' ? 'file' : 'secretFile']('source', partSize + 70_000);
      const source = world().modes.sseC2;
      await client.send(new PutObjectCommand({ Bucket, Key: 'a b/ü', Body: content, ...encryptedAs(source) }));
      const upload = await start(client, { Bucket, Key: 'copy', ...encryptedAs(encryption) });
      const Parts: CompletedPart[] = [];
      for (const [at, range] of [`bytes=0-${partSize - 1}`, `bytes=${partSize}-${partSize + 69_999}`].entries()) {
        const copy = new UploadPartCopyCommand({
          ...upload,
          ...customerKey(encryption),
          ...sourceKey(source),
          PartNumber: at + 1,
          CopySource: encodeURI(`${Bucket}/a b/ü`),
          CopySourceRange: range,
        });
        const { CopyPartResult } = await client.send(copy);
        Parts.push({ PartNumber: at + 1, ETag: CopyPartResult?.ETag });
      }
      await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
      expectSameBytes(await read(client, { Bucket, Key: 'copy' }, encryption), content);
    });
  });

  test('an upload is listed, refused with parts that are too small or unknown, and given up', async () => {
    const client = jsSdk(world());
    const Bucket = await world().bucket();
    const upload = await start(client, { Bucket, Key: 'dir/ü' });
    const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'dir/' }));
    expect(Uploads).toMatchObject([{ Key: 'dir/ü', UploadId: upload.UploadId }]);
    const Parts: CompletedPart[] = [];
    for (const PartNumber of [1, 2]) {
      const part = await client.send(new UploadPartCommand({ ...upload, PartNumber, Body: 'short' }));
      Parts.push({ PartNumber, ETag: part.ETag });
    }
    const complete = (parts: CompletedPart[]): Promise<unknown> =>
      client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: parts } }));
    await expect(complete(Parts)).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await expect(complete([{ PartNumber: 3, ETag: '"0"' }])).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(complete(Parts.toReversed())).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await client.send(new AbortMultipartUploadCommand(upload));
    await expect(complete(Parts)).rejects.toMatchObject({ name: 'NoSuchUpload' });
    const head404 = client.send(new HeadObjectCommand({ Bucket, Key: 'dir/ü' }));
    await expect(head404).rejects.toMatchObject({ name: 'NotFound' });
  });
});

function pick<Value extends object>(value: Value, names: readonly string[]): Partial<Value> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name))) as Partial<Value>;
}
