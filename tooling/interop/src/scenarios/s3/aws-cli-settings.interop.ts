import { expect, test } from 'vitest';
import { withAwsCli } from '../../harness/s3/aws-cli.ts';
import { apiWriting } from '../../harness/s3/aws-encryption.ts';
import { s3Scenarios } from '../../harness/s3/s3-scenario.ts';

/** What Terraform and others read of every bucket, and the errors that they take for the answer that there is none. */
const absent: readonly (readonly [command: string, code: string])[] = [
  ['get-bucket-policy', 'NoSuchBucketPolicy'],
  ['get-bucket-policy-status', 'NoSuchBucketPolicy'],
  ['get-bucket-cors', 'NoSuchCORSConfiguration'],
  ['get-bucket-website', 'NoSuchWebsiteConfiguration'],
  ['get-bucket-lifecycle-configuration', 'NoSuchLifecycleConfiguration'],
  ['get-bucket-replication', 'ReplicationConfigurationNotFoundError'],
  ['get-bucket-encryption', 'ServerSideEncryptionConfigurationNotFoundError'],
  ['get-object-lock-configuration', 'ObjectLockConfigurationNotFoundError'],
  ['get-bucket-tagging', 'NoSuchTagSet'],
  ['get-public-access-block', 'NoSuchPublicAccessBlockConfiguration'],
  ['get-bucket-ownership-controls', 'OwnershipControlsNotFoundError'],
  ['get-bucket-accelerate-configuration', 'NotImplemented'],
  ['get-bucket-request-payment', 'NotImplemented'],
];

s3Scenarios('aws s3api, settings of buckets', (world) => {
  const aws = withAwsCli(world);

  const put = (bucket: string, what: string, option: string, value: object) =>
    aws.ok('s3api', `put-bucket-${what}`, '--bucket', bucket, `--${option}`, JSON.stringify(value));
  const get = (bucket: string, what: string) => aws.json('s3api', `get-bucket-${what}`, '--bucket', bucket);

  test('default encryption', async () => {
    const bucket = await world().bucket();
    const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } };
    const configuration = { Rules: [rule] };
    await put(bucket, 'encryption', 'server-side-encryption-configuration', configuration);
    expect(await get(bucket, 'encryption')).toMatchObject({
      ServerSideEncryptionConfiguration: { Rules: [rule] },
    });
    const at = ['--bucket', bucket, '--key', 'file'];
    const body = ['--body', world().secretFile('f', 3000).path];
    const stored = await aws.json('s3api', 'put-object', ...at, ...body);
    expect(stored).toMatchObject({ ServerSideEncryption: 'AES256' });
    const blocking = { Rules: [{ ...rule, BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] } }] };
    await put(bucket, 'encryption', 'server-side-encryption-configuration', blocking);
    const withKey = apiWriting(world(), world().modes.sseC1);
    expect(await aws.refused('s3api', 'put-object', ...at, ...body, ...withKey)).toContain('(AccessDenied)');
    await aws.ok('s3api', 'delete-bucket-encryption', '--bucket', bucket);
    const clear = await aws.json('s3api', 'put-object', ...at, '--body', world().file('g', 3000).path);
    expect(clear).not.toHaveProperty('ServerSideEncryption');
  });

  test('CORS rules', async () => {
    const bucket = await world().bucket();
    const rule = {
      ID: 'of-pages',
      AllowedOrigins: ['https://example.com'],
      AllowedMethods: ['GET', 'PUT'],
      AllowedHeaders: ['*'],
      ExposeHeaders: ['ETag'],
      MaxAgeSeconds: 600,
    };
    await put(bucket, 'cors', 'cors-configuration', { CORSRules: [rule] });
    expect(await get(bucket, 'cors')).toEqual({ CORSRules: [rule] });
    const { ID: _, ...nameless } = rule;
    await put(bucket, 'cors', 'cors-configuration', { CORSRules: [nameless] });
    expect(await get(bucket, 'cors')).toEqual({ CORSRules: [nameless] });
    await aws.ok('s3api', 'delete-bucket-cors', '--bucket', bucket);
    expect(await aws.refused('s3api', 'get-bucket-cors', '--bucket', bucket)).toContain('(NoSuchCORSConfiguration)');
  });

  test('lifecycle rules', async () => {
    const bucket = await world().bucket();
    const rule = {
      ID: 'logs',
      Filter: { Prefix: 'logs/' },
      Status: 'Enabled',
      Expiration: { Days: 30 },
      NoncurrentVersionExpiration: { NoncurrentDays: 2 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    };
    await put(bucket, 'lifecycle-configuration', 'lifecycle-configuration', { Rules: [rule] });
    const { ID: _, ...shown } = rule;
    expect(await get(bucket, 'lifecycle-configuration')).toMatchObject({
      Rules: [shown, { Filter: { Prefix: 'logs/' }, Expiration: { ExpiredObjectDeleteMarker: true } }],
    });
    await aws.ok('s3api', 'delete-bucket-lifecycle', '--bucket', bucket);
    expect(await aws.refused('s3api', 'get-bucket-lifecycle-configuration', '--bucket', bucket)).toContain(
      '(NoSuchLifecycleConfiguration)',
    );
  });

  test('what every bucket has: location, versioning, ACL, logging, existence', async () => {
    const bucket = await world().bucket();
    expect(await get(bucket, 'location')).toEqual({ LocationConstraint: 'us-east-1' });
    expect(await get(bucket, 'versioning')).toEqual({ Status: 'Enabled' });
    await aws.ok(
      ...['s3api', 'put-bucket-versioning', '--bucket', bucket],
      ...['--versioning-configuration', 'Status=Enabled'],
    );
    expect(await get(bucket, 'logging')).toEqual({});
    expect((await get(bucket, 'acl'))['Grants']).toMatchObject([{ Permission: 'FULL_CONTROL' }]);
    await aws.ok('s3api', 'put-bucket-acl', '--bucket', bucket, '--acl', 'public-read');
    expect((await get(bucket, 'acl'))['Grants']).toMatchObject([{}, { Permission: 'READ' }]);
    await aws.ok('s3api', 'head-bucket', '--bucket', bucket);
    expect(await aws.refused('s3api', 'head-bucket', '--bucket', `${bucket}-absent`)).toContain('(404)');
    const { Buckets: buckets } = await aws.json('s3api', 'list-buckets', '--prefix', bucket);
    expect(buckets).toMatchObject([{ Name: bucket }]);
  });

  test('what is not there is an answer that Terraform knows', async () => {
    const bucket = await world().bucket();
    for (const [command, code] of absent) {
      expect(await aws.refused('s3api', command, '--bucket', bucket)).toContain(`(${code})`);
    }
  });
});
