/* eslint-disable @typescript-eslint/await-thenable, @typescript-eslint/no-confusing-void-expression --
   the client declares first what its calls with a callback return, which is nothing, and then the promises. */
import { expect, test } from 'vitest';
import { bytesOf, minioClient } from '../../harness/s3/minio.ts';
import { s3Scenarios } from '../../harness/s3/s3-scenario.ts';

const day = 86_400_000;

s3Scenarios("bucket settings of minio's client for Node", (world) => {
  test('default encryption, lifecycle rules and versioning are set, shown and removed', async () => {
    const client = minioClient(world());
    const bucket = await world().bucket();
    const noDefault = { code: 'ServerSideEncryptionConfigurationNotFoundError' };
    await expect(client.getBucketEncryption(bucket)).rejects.toMatchObject(noDefault);
    await client.setBucketEncryption(bucket);
    const shown = (await client.getBucketEncryption(bucket)) as object;
    expect(JSON.stringify(shown)).toContain('"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"}');
    await client.putObject(bucket, 'f', 'hello');
    expect((await client.statObject(bucket, 'f')).metaData).toMatchObject({ 'x-amz-server-side-encryption': 'AES256' });
    await client.removeBucketEncryption(bucket);
    await expect(client.getBucketEncryption(bucket)).rejects.toMatchObject(noDefault);
    const noncurrent = { NoncurrentVersionExpiration: { NoncurrentDays: 3 } };
    const Rule = [{ ID: 'logs', Status: 'Enabled', Filter: { Prefix: 'logs/' }, ...noncurrent }];
    await client.setBucketLifecycle(bucket, { Rule });
    expect(JSON.stringify(await client.getBucketLifecycle(bucket))).toContain('"Prefix":"logs/"');
    await client.removeBucketLifecycle(bucket);
    await expect(client.getBucketLifecycle(bucket)).rejects.toMatchObject({ code: 'NoSuchLifecycleConfiguration' });
    expect(await client.getBucketVersioning(bucket)).toMatchObject({ Status: 'Enabled' });
    await client.setBucketVersioning(bucket, { Status: 'Enabled' });
    await expect(client.setBucketVersioning(bucket, { Status: 'Suspended' })).rejects.toMatchObject({
      code: 'NotImplemented',
    });
  });

  test('objects are locked', async () => {
    const client = minioClient(world());
    const bucket = world().bucketName();
    await client.makeBucket(bucket, '', { ObjectLocking: true });
    await client.setObjectLockConfig(bucket, { mode: 'GOVERNANCE', unit: 'Days', validity: 1 });
    const lock = { objectLockEnabled: 'Enabled', mode: 'GOVERNANCE', unit: 'Days', validity: 1 };
    expect(await client.getObjectLockConfig(bucket)).toEqual(lock);
    const { versionId } = await client.putObject(bucket, 'f', 'hello');
    const version = { versionId: versionId ?? '' };
    await client.setObjectLegalHold(bucket, 'f', { ...version, status: 'ON' });
    expect(await client.getObjectLegalHold(bucket, 'f', version)).toMatchObject({ Status: 'ON' });
    const remove = client.removeObject(bucket, 'f', { ...version, governanceBypass: true });
    await expect(remove).rejects.toMatchObject({ code: 'AccessDenied' });
    await client.setObjectLegalHold(bucket, 'f', { ...version, status: 'OFF' });
    const retainUntilDate = new Date(Date.now() + 3 * day).toISOString();
    await client.putObjectRetention(bucket, 'f', { ...version, mode: 'GOVERNANCE', retainUntilDate });
    expect(await client.getObjectRetention(bucket, 'f', version)).toMatchObject({ mode: 'GOVERNANCE' });
    expect((await bytesOf(await client.getObject(bucket, 'f'))).toString()).toBe('hello');
    await client.removeObject(bucket, 'f', { ...version, governanceBypass: true });
  });

  test('what there is not is refused with the codes that programs look for', async () => {
    const client = minioClient(world());
    const bucket = await world().bucket();
    await client.putObject(bucket, 'f', 'hello');
    await expect(client.getBucketTagging(bucket)).rejects.toMatchObject({ code: 'NoSuchTagSet' });
    await expect(client.getBucketPolicy(bucket)).rejects.toMatchObject({ code: 'NoSuchBucketPolicy' });
    await expect(client.getBucketReplication(bucket)).rejects.toMatchObject({
      code: 'ReplicationConfigurationNotFoundError',
    });
    expect(await client.getObjectTagging(bucket, 'f')).toEqual([]);
    await expect(client.getObjectLockConfig(bucket)).rejects.toMatchObject({
      code: 'ObjectLockConfigurationNotFoundError',
    });
    await expect(client.statObject(bucket, 'missing')).rejects.toMatchObject({ code: 'NotFound' });
    await expect(client.getObject(bucket, 'missing')).rejects.toMatchObject({ code: 'NoSuchKey' });
    await expect(client.makeBucket(bucket)).rejects.toMatchObject({ code: 'BucketAlreadyOwnedByYou' });
  });
});
