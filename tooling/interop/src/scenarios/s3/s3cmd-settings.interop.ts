import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { plainRequest } from '../../harness/s3/plain-request.ts';
import { listedNames, told, withS3Cmd } from '../../harness/s3/s3cmd.ts';
import { s3Scenarios } from '../../harness/s3/s3-scenario.ts';

const cors = `<CORSConfiguration><CORSRule><AllowedOrigin>https://example.com</AllowedOrigin>
<AllowedMethod>GET</AllowedMethod><AllowedHeader>*</AllowedHeader></CORSRule></CORSConfiguration>`;

const lifecycle = `<LifecycleConfiguration><Rule><ID>temporary</ID><Filter><Prefix>tmp/</Prefix></Filter>
<Status>Enabled</Status><Expiration><Days>3</Days></Expiration><NoncurrentVersionExpiration>
<NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration></Rule></LifecycleConfiguration>`;

/** What the server refuses, and the whole line that s3cmd prints; BUCKET is one that has the object `file`. */
const refusals: readonly (readonly [command: string, line: string])[] = [
  ['setacl --acl-grant=read:abc BUCKET', '501 (NotImplemented): Only the ACLs private and public-read are supported'],
  ['setacl --acl-public BUCKET/file', '400 (InvalidArgument): The ACL of an object must be that of its bucket'],
  ['put --acl-public document BUCKET', '400 (InvalidArgument): The ACL of an object must be that of its bucket'],
  ['put --storage-class=GLACIER document BUCKET', '400 (InvalidStorageClass): The storage class you specified is not'],
  ['accesslog --access-logging-target-prefix=BUCKET/ BUCKET', '501 (NotImplemented): Logging to a bucket is not'],
  ['settagging BUCKET a=b', '501 (NotImplemented): This operation is not implemented.'],
  ['settagging BUCKET/file a=b', '501 (NotImplemented): This operation is not implemented.'],
  ['gettagging BUCKET', '404 (NoSuchTagSet): The TagSet does not exist'],
  ['setpolicy document BUCKET', '501 (NotImplemented): This operation is not implemented.'],
  ['setnotification document BUCKET', '501 (NotImplemented): This operation is not implemented.'],
  ['setownership BUCKET BucketOwnerEnforced', '501 (NotImplemented): This operation is not implemented.'],
  ['setblockpublicaccess BUCKET BlockPublicAcls', '501 (NotImplemented): This operation is not implemented.'],
  ['payer --requester-pays BUCKET', '501 (NotImplemented): This operation is not implemented.'],
  ['ws-create BUCKET', '501 (NotImplemented): This operation is not implemented.'],
  ['setversioning BUCKET disable', '501 (NotImplemented): Versioning cannot be suspended'],
  ['expire --expiry-date=2030-01-01 BUCKET', '400 (InvalidRequest): Date is not supported in a lifecycle rule'],
  ['setobjectlegalhold ON BUCKET/file', '400 (InvalidRequest): Bucket is missing Object Lock Configuration'],
  ['restore BUCKET/file', '501 (NotImplemented): This operation is not implemented.'],
  ['get BUCKET/absent target', "Source object 's3://"],
  ['mb s3://abc', '400 (InvalidBucketName): The specified bucket is not valid.'],
  ['mb BUCKET', '409 (BucketAlreadyOwnedByYou): '],
  ['ls BUCKET-absent', '404 (NoSuchBucket): The specified bucket does not exist'],
  ['rb BUCKET', '409 (BucketNotEmpty): The bucket you tried to delete is not empty. You must delete all versions'],
  ['ls --secret_key=wrong', '403 (SignatureDoesNotMatch): '],
  ['ls --access_key=wrong', '403 (InvalidAccessKeyId): '],
];

s3Scenarios('s3cmd, settings and refusals', (world) => {
  const client = withS3Cmd(world);

  const write = (name: string, text: string): void => {
    writeFileSync(join(world().folder, name), text);
  };

  test('buckets are made, listed and removed', async () => {
    const bucket = world().bucketName();
    await client.ok('mb', `s3://${bucket}`);
    expect(await client.ok('ls')).toContain(`s3://${bucket}\n`);
    write('document', 'a text');
    await client.ok('put', 'document', `s3://${bucket}`);
    expect(await client.ok('la')).toContain(`s3://${bucket}/document\n`);
    // Removes what is shown, but not the versions that are left, since it knows of none.
    const refused = await client.refused('rb', '--force', '--recursive', `s3://${bucket}`);
    expect(refused).toContain('You must delete all versions in the bucket,');
    expect(listedNames(await client.ok('ls', `s3://${bucket}`))).toEqual([]);
    const empty = world().bucketName();
    await client.ok('mb', `s3://${empty}`);
    await client.ok('rb', `s3://${empty}`);
    expect(await client.ok('ls')).not.toContain(empty);
  });

  test('CORS rules, lifecycle rules, versioning, ACLs and logging', async () => {
    const bucket = `s3://${await world().bucket()}`;
    write('cors', cors);
    await client.ok('setcors', 'cors', bucket);
    expect(await client.ok('info', bucket)).toContain('<AllowedOrigin>https://example.com</AllowedOrigin>');
    await client.ok('delcors', bucket);
    const info = await client.ok('info', bucket);
    expect(['CORS', 'Policy', 'Payer', 'Ownership', 'Location', 'Versioning'].map((name) => told(info, name))).toEqual([
      ...['none', 'none', 'none', 'none', 'us-east-1', 'Enabled'],
    ]);
    write('lifecycle', lifecycle);
    await client.ok('setlifecycle', 'lifecycle', bucket);
    expect(await client.ok('getlifecycle', bucket)).toMatch(/<Days>3<[^]*<NoncurrentDays>1</);
    await client.ok('dellifecycle', bucket);
    expect(await client.refused('getlifecycle', bucket)).toContain('404 (NoSuchLifecycleConfiguration)');
    await client.ok('expire', '--expiry-days=4', '--expiry-prefix=tmp/', bucket);
    expect(await client.ok('info', bucket)).toContain("with key prefix 'tmp/' will expire in '4' day(s)");
    await client.ok('expire', bucket);
    expect(told(await client.ok('info', bucket), 'Expiration rule')).toBe('none');
    await client.ok('setversioning', bucket, 'enable');
    expect(await client.ok('setacl', '--acl-public', bucket)).toContain('ACL set to Public');
    expect(await client.ok('info', bucket)).toContain('*anon*: READ');
    expect(await client.ok('setacl', '--acl-private', bucket)).toContain('ACL set to Private');
    expect(await client.ok('accesslog', bucket)).toContain('Logging Enabled: False');
  });

  test('Object Lock', async () => {
    const bucket = `s3://${world().bucketName()}`;
    await client.ok('mb', '--add-header=x-amz-bucket-object-lock-enabled:true', bucket);
    write('document', 'a text');
    await client.ok('put', 'document', bucket);
    await client.ok('setobjectlegalhold', 'ON', `${bucket}/document`);
    await client.ok('setobjectlegalhold', 'OFF', `${bucket}/document`);
    // s3cmd ends with 1 and says nothing where it has succeeded.
    const until = `${new Date().getUTCFullYear() + 1}-01-01T00:00:00Z`;
    const { stderr } = await client.run(['setobjectretention', 'GOVERNANCE', until, `${bucket}/document`]);
    expect(stderr).toBe('');
    const retention = await client.refused(
      'setobjectretention',
      'GOVERNANCE',
      '2001-01-01T00:00:00Z',
      `${bucket}/document`,
    );
    expect(retention).toMatch(/^ERROR: S3 error: 40[03] \(\w+\): \w/);
  });

  test('what is refused is said in one line', async () => {
    const bucket = `s3://${await world().bucket()}`;
    write('document', '{}');
    await client.ok('put', 'document', `${bucket}/file`);
    for (const [command, line] of refusals) {
      const said = await client.refused(...command.replaceAll('BUCKET', bucket).split(' '));
      expect(said, command).toContain(line);
    }
    const kms = ['put', '--max-retries=0', '--server-side-encryption-kms-id=key', 'document', bucket];
    expect(await client.refused(...kms)).toContain('501 (NotImplemented): Server side encryption with KMS is not');
  });

  test('Signature Version 2 is refused, whereupon s3cmd signs as it should; its URLs cannot be used', async () => {
    const older = client.with('--signature-v2');
    const bucket = `s3://${await world().bucket()}`;
    write('document', 'a text');
    await older.ok('put', 'document', bucket);
    expect(listedNames(await older.ok('ls', bucket))).toEqual(['document']);
    const url = (await older.ok('signurl', `${bucket}/document`, '+60')).trim();
    const { status, body } = await plainRequest(world().endpoint, { url });
    expect([status, body.toString()]).toEqual([400, expect.stringContaining('Please use AWS4-HMAC-SHA256.')]);
  });

  test('a wrong region is corrected by what the server says', async () => {
    const bucket = `s3://${await world().bucket()}`;
    write('document', 'a text');
    const elsewhere = client.with('--region=eu-west-1');
    await elsewhere.ok('put', 'document', bucket);
    expect(listedNames(await elsewhere.ok('ls', bucket))).toEqual(['document']);
    const refused = await elsewhere.refused('mb', `s3://${world().bucketName()}`);
    expect(refused).toContain('400 (IllegalLocationConstraintException): The eu-west-1 location constraint');
  });
});
