import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketCorsCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectLegalHoldCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  DeleteObjectCommand,
  HeadBucketCommand,
  PutBucketAclCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
  waitUntilBucketExists,
  waitUntilBucketNotExists,
  waitUntilObjectExists,
} from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { expectShownAs, head, jsSdk } from '../../harness/s3/js-sdk.ts';
import { s3Scenarios } from '../../harness/s3/s3-scenario.ts';

s3Scenarios('buckets of the AWS SDK for JavaScript', (world) => {
  test('a bucket is made, found, not made twice, not deleted while it is full, and deleted', async () => {
    const client = jsSdk(world());
    const Bucket = world().bucketName();
    const waiting = { client, maxWaitTime: 10 };
    await expect(client.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({ name: 'NotFound' });
    await client.send(new CreateBucketCommand({ Bucket }));
    await waitUntilBucketExists(waiting, { Bucket });
    const again = client.send(new CreateBucketCommand({ Bucket }));
    await expect(again).rejects.toMatchObject({ name: 'BucketAlreadyOwnedByYou' });
    expect(await client.send(new HeadBucketCommand({ Bucket }))).toMatchObject({ BucketRegion: 'us-east-1' });
    const location = await client.send(new GetBucketLocationCommand({ Bucket }));
    expect(location.LocationConstraint).toBe('us-east-1');
    const { VersionId } = await client.send(new PutObjectCommand({ Bucket, Key: 'f', Body: 'x' }));
    await waitUntilObjectExists(waiting, { Bucket, Key: 'f' });
    const full = client.send(new DeleteBucketCommand({ Bucket }));
    await expect(full).rejects.toMatchObject({ name: 'BucketNotEmpty' });
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'f', VersionId }));
    await client.send(new DeleteBucketCommand({ Bucket }));
    await waitUntilBucketNotExists(waiting, { Bucket });
  });

  test('the default encryption is set, used, shown and removed', async () => {
    const client = jsSdk(world());
    const Bucket = await world().bucket();
    const { none, sseB2 } = world().modes;
    const shown = new GetBucketEncryptionCommand({ Bucket });
    const missing = { name: 'ServerSideEncryptionConfigurationNotFoundError' };
    await expect(client.send(shown)).rejects.toMatchObject(missing);
    await client.send(new PutObjectCommand({ Bucket, Key: 'before', Body: 'x' }));
    const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } }];
    const ServerSideEncryptionConfiguration = { Rules };
    await client.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }));
    expect((await client.send(shown)).ServerSideEncryptionConfiguration).toMatchObject({ Rules });
    await client.send(new PutObjectCommand({ Bucket, Key: 'after', Body: 'x' }));
    expectShownAs(await head(client, { Bucket, Key: 'before' }, none), none);
    expectShownAs(await head(client, { Bucket, Key: 'after' }, none), sseB2);
    await client.send(new DeleteBucketEncryptionCommand({ Bucket }));
    await expect(client.send(shown)).rejects.toMatchObject(missing);
    const kms = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const } }];
    const put = new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules: kms } });
    await expect(client.send(put)).rejects.toMatchObject({ name: 'NotImplemented' });
  });

  test('CORS and lifecycle rules, ACL and versioning are set, shown and removed', async () => {
    const client = jsSdk(world());
    const Bucket = await world().bucket();
    const AllowedOrigins = ['https://example.com'];
    const CORSRules = [{ ID: 'rule-one', AllowedOrigins, AllowedMethods: ['GET', 'PUT'], MaxAgeSeconds: 60 }];
    await client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
    expect((await client.send(new GetBucketCorsCommand({ Bucket }))).CORSRules).toMatchObject(CORSRules);
    await client.send(new DeleteBucketCorsCommand({ Bucket }));
    const noCors = client.send(new GetBucketCorsCommand({ Bucket }));
    await expect(noCors).rejects.toMatchObject({ name: 'NoSuchCORSConfiguration' });
    const Status = 'Enabled' as const;
    const Rules = [
      { ID: 'logs', Filter: { Prefix: 'logs/' }, Status, NoncurrentVersionExpiration: { NoncurrentDays: 3 } },
    ];
    await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
    const { Rules: rules } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(rules).toMatchObject([{ Filter: { Prefix: 'logs/' }, NoncurrentVersionExpiration: { NoncurrentDays: 3 } }]);
    await client.send(new DeleteBucketLifecycleCommand({ Bucket }));
    const noRules = client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    await expect(noRules).rejects.toMatchObject({ name: 'NoSuchLifecycleConfiguration' });
    const grants = async (): Promise<number> =>
      (await client.send(new GetBucketAclCommand({ Bucket }))).Grants?.length ?? 0;
    expect(await grants()).toBe(1);
    await client.send(new PutBucketAclCommand({ Bucket, ACL: 'public-read' }));
    expect(await grants()).toBe(2);
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
    const versioning = (Status: 'Enabled' | 'Suspended') =>
      new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } });
    await client.send(versioning('Enabled'));
    await expect(client.send(versioning('Suspended'))).rejects.toMatchObject({ name: 'NotImplemented' });
    const tags = client.send(new GetBucketTaggingCommand({ Bucket }));
    await expect(tags).rejects.toMatchObject({ name: 'NoSuchTagSet' });
  });

  test('an object is locked by default, by retention and by a legal hold', async () => {
    const client = jsSdk(world());
    const place = { Bucket: world().bucketName(), Key: 'f' };
    const { Bucket } = place;
    await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
    const DefaultRetention = { Mode: 'GOVERNANCE', Days: 1 } as const;
    const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } } as const;
    await client.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
    const lock = await client.send(new GetObjectLockConfigurationCommand({ Bucket }));
    expect(lock.ObjectLockConfiguration).toEqual(ObjectLockConfiguration);
    const { VersionId } = await client.send(new PutObjectCommand({ ...place, Body: 'x' }));
    expect((await head(client, place, world().modes.none)).ObjectLockMode).toBe('GOVERNANCE');
    const version = { ...place, VersionId };
    await client.send(new PutObjectLegalHoldCommand({ ...place, LegalHold: { Status: 'ON' } }));
    expect((await client.send(new GetObjectLegalHoldCommand(place))).LegalHold?.Status).toBe('ON');
    const remove = (more: object) => client.send(new DeleteObjectCommand({ ...version, ...more }));
    await expect(remove({ BypassGovernanceRetention: true })).rejects.toMatchObject({ name: 'AccessDenied' });
    await client.send(new PutObjectLegalHoldCommand({ ...place, LegalHold: { Status: 'OFF' } }));
    const RetainUntilDate = new Date(Math.floor(Date.now() / 1000 + 3 * 86_400) * 1000);
    const Retention = { Mode: 'GOVERNANCE', RetainUntilDate } as const;
    await client.send(new PutObjectRetentionCommand({ ...version, Retention }));
    expect((await client.send(new GetObjectRetentionCommand(version))).Retention).toEqual(Retention);
    await expect(remove({})).rejects.toMatchObject({ name: 'AccessDenied' });
    await remove({ BypassGovernanceRetention: true });
  });
});
