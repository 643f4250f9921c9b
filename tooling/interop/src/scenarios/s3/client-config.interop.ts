import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { s3ClientConfig } from '@coffer/client';
import { expect, test } from 'vitest';
import { customerKey, encryptedAs, sourceKey } from '../../harness/s3/js-sdk.ts';
import { s3Scenarios, type S3World } from '../../harness/s3/s3-scenario.ts';
import { expectSameBytes } from '../../harness/stored-files.ts';

const partSize = 5 * 1024 * 1024;

/** The SDK with nothing but what the client says, and the server's own certificate. */
function sdkOf({ endpoint: { url, caFile }, credentials }: S3World): S3Client {
  const config = s3ClientConfig({ s3ApiUrl: url }, credentials);
  if (caFile === undefined) return new S3Client(config);
  return new S3Client({ ...config, requestHandler: { httpsAgent: new Agent({ ca: readFileSync(caFile) }) } });
}

s3Scenarios('the AWS SDK as @coffer/client configures it', (world) => {
  test.each(['none', 'sseB2', 'sseC1'] as const)('stores, reads, copies, lists and removes: %s', async (mode) => {
    const sdk = sdkOf(world());
    const Bucket = await world().bucket();
    const encryption = world().modes[mode];
    const { content } = world()[mode === 'none' ? 'file' : 'secretFile']('source', partSize + 1000);
    const small = content.subarray(0, 1000);
    await sdk.send(new PutObjectCommand({ Bucket, Key: 'small', Body: small, ...encryptedAs(encryption) }));
    const params = { Bucket, Key: 'large', Body: content, ...encryptedAs(encryption) };
    await new Upload({ client: sdk, partSize, params }).done();
    const copy = { Bucket, Key: 'copy', CopySource: `${Bucket}/small`, ...encryptedAs(encryption) };
    await sdk.send(new CopyObjectCommand({ ...copy, ...sourceKey(encryption) }));
    for (const [Key, expected] of Object.entries({ small, large: content, copy: small })) {
      const { Body } = await sdk.send(new GetObjectCommand({ Bucket, Key, ...customerKey(encryption) }));
      expectSameBytes((await Body?.transformToByteArray()) ?? new Uint8Array(), expected);
    }
    const { Contents = [] } = await sdk.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents.map(({ Key }) => Key)).toEqual(['copy', 'large', 'small']);
    // A request that cannot be without a checksum.
    const Objects = Contents.map(({ Key = '' }) => ({ Key }));
    expect((await sdk.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))).Deleted).toHaveLength(3);
    sdk.destroy();
  });
});
