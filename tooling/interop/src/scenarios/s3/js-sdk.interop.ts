import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { PutObjectCommand, type ChecksumAlgorithm, type PutObjectCommandInput } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { describe, expect, test } from 'vitest';
import { encryptedAs, expectShownAs, head, jsSdk, md5, read } from '../../harness/s3/js-sdk.ts';
import { s3Scenarios } from '../../harness/s3/s3-scenario.ts';
import { logged } from '../../harness/scenario.ts';
import { expectSameBytes } from '../../harness/stored-files.ts';

const sizes = { CRC32: 0, CRC32C: 1, CRC64NVME: 16_384, SHA1: 70_001, SHA256: 300_000 };
const about = { ContentType: 'text/x-test', CacheControl: 'no-store', Metadata: { colour: 'blue green' } };
const partSize = 5 * 1024 * 1024;

s3Scenarios('the AWS SDK for JavaScript', (world) => {
  describe.each(['none', 'sseB2', 'sseC1'] as const)('with %s', (mode) => {
    const source = (size: number): Buffer => world()[mode === 'none' ? 'file' : 'secretFile']('source', size).content;

    test('objects from buffers and streams, with every checksum, are read whole and in ranges', async () => {
      const client = jsSdk(world());
      const Bucket = await world().bucket();
      const encryption = world().modes[mode];
      const all = source(300_000);
      for (const [algorithm, size] of Object.entries(sizes)) {
        const content = all.subarray(0, size);
        for (const Body of [content, Readable.from(pieces(content))]) {
          const Key = `dir/ü +%&?#=;:@ ${algorithm} ${Body === content ? 'buffer' : 'stream'}`;
          const ChecksumAlgorithm = algorithm as ChecksumAlgorithm;
          const input: PutObjectCommandInput = { Bucket, Key, Body, ChecksumAlgorithm, ContentLength: size, ...about };
          const put = await client.send(new PutObjectCommand({ ...input, ...encryptedAs(encryption) }));
          const shown = await head(client, { Bucket, Key }, encryption);
          expect(shown).toMatchObject({ ...about, ContentLength: content.length, ETag: put.ETag });
          expectShownAs(put, encryption);
          expectShownAs(shown, encryption);
          const checksum = `Checksum${algorithm}` as 'ChecksumCRC32';
          expect(shown[checksum]).toMatch(/^[\w+/]+=*$/);
          expect(shown[checksum]).toBe(put[checksum]);
          expect(shown.ETag === `"${md5(content)}"`).toBe(mode !== 'sseC1');
          expectSameBytes(await read(client, { Bucket, Key }, encryption), content);
          if (content.length === 0) continue;
          const last = await read(client, { Bucket, Key, Range: 'bytes=-16000' }, encryption);
          expectSameBytes(last, content.subarray(-16_000));
        }
      }
    });

    test('streams whose length nobody knows, whole and in parts', async () => {
      const client = jsSdk(world());
      const Bucket = await world().bucket();
      const encryption = world().modes[mode];
      const all = source(partSize + 100_000);
      for (const size of [0, 70_000, all.length]) {
        const content = all.subarray(0, size);
        const Body = Readable.from(pieces(content));
        const params = { Bucket, Key: `f${size}`, Body, ...about, ...encryptedAs(encryption) };
        await new Upload({ client, params, partSize, queueSize: 2 }).done();
        const shown = await head(client, { Bucket, Key: `f${size}` }, encryption);
        expect(shown).toMatchObject({ ...about, ContentLength: size });
        expectShownAs(shown, encryption);
        expectSameBytes(await read(client, { Bucket, Key: `f${size}` }, encryption), content);
      }
      await expect.poll(() => world().requestsFor('UploadPart'), logged).toBeGreaterThan(1);
      const second = { Bucket, Key: `f${all.length}`, PartNumber: 2 };
      expectSameBytes(await read(client, second, encryption), all.subarray(partSize));
    });
  });

  test('the version under test is named', () => {
    const { version } = createRequire(import.meta.url)('@aws-sdk/client-s3/package.json') as { version: string };
    console.log(`  @aws-sdk/client-s3 is ${version}`);
    expect(version).toMatch(/^3\./);
  });
});

function* pieces(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.length; at += 60_000) yield content.subarray(at, at + 60_000);
}
