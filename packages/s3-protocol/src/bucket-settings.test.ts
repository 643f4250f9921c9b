import { beforeEach, describe, expect, it } from 'vitest';
import { childrenOf, childText, TestServer, type Answer } from './test-support/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await TestServer.inMemory();
  await server.createBucket('bucket');
});

const get = (name: string, target = '/bucket') => server.ok({ target: `${target}?${name}` });
const put = (name: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
  server.ok({ method: 'PUT', target: `/bucket?${name}`, body, headers });
const remove = (name: string) => server.ok({ method: 'DELETE', target: `/bucket?${name}` });
const putting = (name: string, body: string) => ({ method: 'PUT', target: `/bucket?${name}`, body });
const bucket = () => server.storage.buckets.getByName('bucket');
const rootOf = ({ xml }: Answer) => xml?.name;

describe('what was never set', () => {
  it.each([
    ['cors', 'NoSuchCORSConfiguration', 'The CORS configuration does not exist'],
    ['lifecycle', 'NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'],
    [
      'encryption',
      'ServerSideEncryptionConfigurationNotFoundError',
      'The server side encryption configuration was not found',
    ],
    ['object-lock', 'ObjectLockConfigurationNotFoundError', 'Object Lock configuration does not exist for this bucket'],
    ['tagging', 'NoSuchTagSet', 'The TagSet does not exist'],
    ['policy', 'NoSuchBucketPolicy', /./],
    ['policyStatus', 'NoSuchBucketPolicy', /./],
    ['website', 'NoSuchWebsiteConfiguration', /./],
    ['replication', 'ReplicationConfigurationNotFoundError', /./],
    ['publicAccessBlock', 'NoSuchPublicAccessBlockConfiguration', /./],
    ['ownershipControls', 'OwnershipControlsNotFoundError', /./],
  ] as const)('?%s is not found, and the error names the bucket', async (name, code, message) => {
    const refused = await server.refused({ target: `/bucket?${name}` }, { code, message, status: 404 });
    expect(childText(refused.xml, 'BucketName')).toBe('bucket');
    await server.refused({ target: `/no-bucket?${name}` }, { code: 'NoSuchBucket' });
  });

  it.each(['cors', 'lifecycle', 'encryption'])('?%s can be deleted all the same', async (name) => {
    expect((await remove(name)).status).toBe(204);
  });

  it.each(['requestPayment', 'accelerate', 'notification', 'analytics', 'inventory', 'metrics', 'intelligent-tiering'])(
    '?%s is not there at all',
    async (name) => {
      await server.refused({ target: `/bucket?${name}` }, { code: 'NotImplemented' });
    },
  );

  it.each(['tagging', 'policy', 'website', 'replication', 'publicAccessBlock', 'ownershipControls'])(
    '?%s cannot be set or removed',
    async (name) => {
      await server.refused(putting(name, '<a/>'), { code: 'NotImplemented' });
      await server.refused({ method: 'DELETE', target: `/bucket?${name}` }, { code: 'NotImplemented' });
    },
  );
});

describe('a bucket', () => {
  it('is made, found, and removed once nothing is in it', async () => {
    const made = await server.ok({ method: 'PUT', target: '/new-bucket' });
    expect(made.headers.get('location')).toBe('/new-bucket');
    const head = await server.ok({ method: 'HEAD', target: '/new-bucket' });
    expect(head.headers.get('x-amz-bucket-region')).toBe('us-east-1');
    await server.refused({ method: 'HEAD', target: '/no-bucket' }, { code: 'NoSuchBucket' });
    const again = await server.refused({ method: 'PUT', target: '/new-bucket' }, { code: 'BucketAlreadyOwnedByYou' });
    expect(childText(again.xml, 'BucketName')).toBe('new-bucket');
    const object = await server.ok({ method: 'PUT', target: '/new-bucket/a', body: 'x' });
    const deletion = { method: 'DELETE', target: '/new-bucket' };
    const full = {
      code: 'BucketNotEmpty',
      message:
        'The bucket you tried to delete is not empty. You must delete all versions in the bucket, and abort its ' +
        'unfinished multipart uploads.',
    } as const;
    await server.refused(deletion, full);
    const marker = await server.ok({ method: 'DELETE', target: '/new-bucket/a' });
    await server.refused(deletion, full);
    for (const { headers } of [object, marker]) {
      const versionId = headers.get('x-amz-version-id') ?? '';
      await server.ok({ method: 'DELETE', target: `/new-bucket/a?versionId=${versionId}` });
    }
    const upload = await server.ok({ method: 'POST', target: '/new-bucket/a?uploads' });
    await server.refused(deletion, full);
    const uploadId = childText(upload.xml, 'UploadId') ?? '';
    await server.ok({ method: 'DELETE', target: `/new-bucket/a?uploadId=${uploadId}` });
    expect((await server.ok(deletion)).status).toBe(204);
    await server.refused(deletion, { code: 'NoSuchBucket' });
  });

  it.each([
    'short',
    'Upper-case',
    'with.dots',
    'with_line',
    'b2-reserved',
    '-dash-first',
    'dash-last-',
    'x'.repeat(64),
  ])('cannot be called %s', async (name) => {
    const refused = await server.refused(
      { method: 'PUT', target: `/${name}` },
      {
        code: 'InvalidBucketName',
        message: /^The specified bucket is not valid\. A name has 6 to 63 lower-case letters/,
      },
    );
    expect(childText(refused.xml, 'BucketName')).toBe(name);
    await server.refused({ target: `/${name}` }, { code: 'NoSuchBucket' });
  });

  it('is in the region of the server', async () => {
    expect((await get('location')).text).toContain(
      '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">us-east-1</LocationConstraint>',
    );
    const inRegion = (region: string) => ({
      method: 'PUT',
      target: `/bucket-${region.toLowerCase()}-x`,
      body:
        '<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
        `<LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`,
    });
    await server.ok(inRegion('us-east-1'));
    await server.ok({ ...inRegion('empty'), body: '<CreateBucketConfiguration/>' });
    await server.refused(inRegion('eu-west-1'), {
      code: 'IllegalLocationConstraintException',
      message:
        'The eu-west-1 location constraint is incompatible for the region specific endpoint this request was sent to. ' +
        'Its region is us-east-1.',
    });
    await server.refused(
      { ...inRegion('odd'), body: inRegion('no such place!').body },
      {
        code: 'InvalidLocationConstraint',
        message: 'The specified location-constraint is not valid',
      },
    );
    await server.refused({ ...inRegion('odd'), body: '<Other/>' }, { code: 'MalformedXML' });
  });

  it('has versions, always', async () => {
    const { text } = await get('versioning');
    expect(text).toContain('<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled');
    const setting = (inner: string) =>
      putting('versioning', `<VersioningConfiguration>${inner}</VersioningConfiguration>`);
    await server.ok(setting('<Status>Enabled</Status>'));
    await server.refused(setting('<Status>Suspended</Status>'), { code: 'NotImplemented' });
    await server.refused(setting('<Status>Off</Status>'), { code: 'MalformedXML' });
    await server.refused(setting(''), {
      code: 'IllegalVersioningConfigurationException',
      message: 'The Versioning element must be specified',
    });
  });

  it('has no log of its own', async () => {
    const { text } = await get('logging');
    expect(text).toContain(
      '<BucketLoggingStatus xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></BucketLoggingStatus>',
    );
    await put('logging', '<BucketLoggingStatus/>');
    const on =
      '<BucketLoggingStatus><LoggingEnabled><TargetBucket>b</TargetBucket><TargetPrefix/></LoggingEnabled>' +
      '</BucketLoggingStatus>';
    await server.refused(putting('logging', on), { code: 'NotImplemented' });
  });
});

const owned = (id: string) =>
  `<Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>${id}</ID>` +
  '<DisplayName></DisplayName></Grantee><Permission>FULL_CONTROL</Permission></Grant>';
const open =
  '<Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group">' +
  '<URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee><Permission>READ</Permission></Grant>';
const policyOf = (id: string, ...grants: readonly string[]) =>
  `<AccessControlPolicy><Owner><ID>${id}</ID></Owner><AccessControlList>${grants.join('')}</AccessControlList>` +
  '</AccessControlPolicy>';

describe('access control', () => {
  it('is private or public to read, as the type of the bucket is', async () => {
    const { accountId } = server;
    expect((await get('acl')).text).toContain(`<AccessControlList>${owned(accountId)}</AccessControlList>`);
    await put('acl', '', { 'x-amz-acl': 'public-read' });
    expect((await bucket()).type).toBe('allPublic');
    expect((await get('acl')).text).toContain(`<AccessControlList>${owned(accountId)}${open}</AccessControlList>`);
    await put('acl', policyOf(accountId, owned(accountId)));
    expect((await bucket()).type).toBe('allPrivate');
    await put('acl', policyOf(accountId, open, owned(accountId)));
    expect((await bucket()).type).toBe('allPublic');
    await server.createBucket('public-bucket', { 'x-amz-acl': 'public-read' });
    expect((await server.storage.buckets.getByName('public-bucket')).type).toBe('allPublic');
  });

  it('takes back what it shows', async () => {
    await put('acl', '', { 'x-amz-acl': 'public-read' });
    const shown = await get('acl');
    await put('acl', shown.text);
    expect((await get('acl')).text).toBe(shown.text);
  });

  it('is nothing else', async () => {
    const { accountId } = server;
    const refused = (headers: Readonly<Record<string, string>>, body = '') => ({ ...putting('acl', body), headers });
    await server.refused(refused({ 'x-amz-acl': 'public-read-write' }), { code: 'NotImplemented' });
    await server.refused(refused({ 'x-amz-acl': 'authenticated-read' }), { code: 'NotImplemented' });
    await server.refused(refused({ 'x-amz-acl': 'nonsense' }), { code: 'InvalidArgument' });
    await server.refused(refused({ 'x-amz-grant-read': 'id=1' }), { code: 'NotImplemented' });
    await server.refused(refused({ 'x-amz-acl': 'private' }, policyOf(accountId, owned(accountId))), {
      code: 'UnexpectedContent',
      message: 'This request does not support content',
    });
    const missing = await server.refused(refused({}), { code: 'MissingSecurityHeader' });
    expect(childText(missing.xml, 'MissingHeaderName')).toBe('x-amz-acl');
    await server.refused(putting('acl', policyOf(accountId, owned('another'))), { code: 'NotImplemented' });
    await server.refused(putting('acl', policyOf(accountId, open)), { code: 'NotImplemented' });
    await server.refused(putting('acl', '<Other/>'), { code: 'MalformedACLError' });
    await server.refused(putting('acl', 'nonsense'), { code: 'MalformedACLError' });
  });

  it('of an object is that of its bucket', async () => {
    await server.ok({ method: 'PUT', target: '/bucket/a', body: 'x', headers: { 'x-amz-acl': 'private' } });
    const headers = { 'x-amz-acl': 'public-read' };
    const other = await server.refused(
      { method: 'PUT', target: '/bucket/a', body: 'x', headers },
      {
        code: 'InvalidArgument',
      },
    );
    expect(childText(other.xml, 'ArgumentName')).toBe('x-amz-acl');
    expect((await get('acl', '/bucket/a')).text).toContain(owned(server.accountId));
    const setting = (acl: string) => ({ method: 'PUT', target: '/bucket/a?acl', headers: { 'x-amz-acl': acl } });
    await server.ok(setting('private'));
    await server.refused(setting('public-read'), { code: 'InvalidArgument' });
    const body = policyOf(server.accountId, owned(server.accountId), open);
    await server.refused({ method: 'PUT', target: '/bucket/a?acl', body }, { code: 'InvalidArgument' });
    await server.refused({ target: '/bucket/none?acl' }, { code: 'NoSuchKey' });
  });
});

describe('default encryption', () => {
  const rule = (inner: string) =>
    `<ServerSideEncryptionConfiguration><Rule>${inner}</Rule></ServerSideEncryptionConfiguration>`;
  const by = (algorithm: string, more = '') =>
    `<ApplyServerSideEncryptionByDefault><SSEAlgorithm>${algorithm}</SSEAlgorithm>${more}</ApplyServerSideEncryptionByDefault>`;

  it('is set, shown and removed, and holds for what is written from then on', async () => {
    await server.ok({ method: 'PUT', target: '/bucket/before', body: 'x' });
    await put('encryption', rule(`${by('AES256')}<BucketKeyEnabled>true</BucketKeyEnabled>`));
    expect((await bucket()).defaultEncryption).toBe('SSE-B2');
    const shown = await get('encryption');
    expect(rootOf(shown)).toBe('ServerSideEncryptionConfiguration');
    expect(shown.text).toContain('<SSEAlgorithm>AES256</SSEAlgorithm>');
    const written = await server.ok({ method: 'PUT', target: '/bucket/after', body: 'x' });
    expect(written.headers.get('x-amz-server-side-encryption')).toBe('AES256');
    const read = await server.ok({ target: '/bucket/before' });
    expect(read.headers.get('x-amz-server-side-encryption')).toBeUndefined();
    await put('encryption', shown.text);
    expect((await remove('encryption')).status).toBe(204);
    await server.refused({ target: '/bucket?encryption' }, { code: 'ServerSideEncryptionConfigurationNotFoundError' });
    expect((await bucket()).defaultEncryption).toBe('none');
  });

  it.each([
    ['', 'MalformedXML'],
    ['<Other/>', 'MalformedXML'],
    ['<ServerSideEncryptionConfiguration/>', 'MalformedXML'],
    [rule(''), 'MalformedXML'],
    [rule('<ApplyServerSideEncryptionByDefault/>'), 'MalformedXML'],
    [rule(by('AES128')), 'MalformedXML'],
    [rule(by('AES256')).replace('</Rule>', `</Rule><Rule>${by('AES256')}</Rule>`), 'MalformedXML'],
    [rule(by('aws:kms')), 'NotImplemented'],
    [rule(by('aws:kms:dsse')), 'NotImplemented'],
    [rule(by('AES256', '<KMSMasterKeyID>key</KMSMasterKeyID>')), 'InvalidArgument'],
  ] as const)('is not %s', async (body, code) => {
    await server.refused(putting('encryption', body), { code });
  });

  it('compares its document with the checksums of the request', async () => {
    const request = putting('encryption', rule(by('AES256')));
    const wrong = { 'Content-MD5': 'AAAAAAAAAAAAAAAAAAAAAA==' };
    await server.refused({ ...request, headers: wrong }, { code: 'BadDigest' });
    await server.refused({ ...request, headers: { 'x-amz-checksum-crc32': 'AAAAAA==' } }, { code: 'BadDigest' });
  });
});

describe('lifecycle rules', () => {
  const configuration = (...rules: readonly string[]) =>
    `<LifecycleConfiguration>${rules.map((rule) => `<Rule>${rule}</Rule>`).join('')}</LifecycleConfiguration>`;
  const enabled = '<Status>Enabled</Status>';
  const under = (prefix: string) => `<Filter><Prefix>${prefix}</Prefix></Filter>`;

  it('are those of the B2 Native API', async () => {
    await put(
      'lifecycle',
      configuration(
        `<ID>one</ID>${enabled}${under('logs/')}<Expiration><Days>7</Days></Expiration>` +
          '<NoncurrentVersionExpiration><NoncurrentDays>3</NoncurrentDays></NoncurrentVersionExpiration>',
        `${enabled}<Prefix>tmp/</Prefix><AbortIncompleteMultipartUpload><DaysAfterInitiation>2</DaysAfterInitiation>` +
          '</AbortIncompleteMultipartUpload>',
      ),
    );
    expect((await bucket()).lifecycleRules).toEqual([
      {
        fileNamePrefix: 'logs/',
        daysFromUploadingToHiding: 7,
        daysFromHidingToDeleting: 3,
        daysFromStartingToCancelingUnfinishedLargeFiles: null,
      },
      {
        fileNamePrefix: 'tmp/',
        daysFromUploadingToHiding: null,
        daysFromHidingToDeleting: null,
        daysFromStartingToCancelingUnfinishedLargeFiles: 2,
      },
    ]);
    const shown = await get('lifecycle');
    expect(rootOf(shown)).toBe('LifecycleConfiguration');
    // A rule that hides is shown as two: what hides, and the removal of the markers that are left over.
    expect(childrenOf(shown.xml, 'Rule').length).toBe(3);
    expect(shown.text).toContain('<ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker>');
    const before = (await bucket()).lifecycleRules;
    await put('lifecycle', shown.text);
    expect((await bucket()).lifecycleRules).toEqual(before);
    expect((await remove('lifecycle')).status).toBe(204);
    await server.refused({ target: '/bucket?lifecycle' }, { code: 'NoSuchLifecycleConfiguration' });
  });

  it.each([
    ['', 'MalformedXML'],
    [configuration(), 'MalformedXML'],
    [configuration(`${under('a')}<Expiration><Days>1</Days></Expiration>`), 'MalformedXML'],
    [configuration(`<Status>Disabled</Status>${under('a')}<Expiration><Days>1</Days></Expiration>`), 'InvalidRequest'],
    [
      configuration(
        `${enabled}${under('a')}<Expiration><Days>1</Days></Expiration>`,
        `${enabled}${under('a/b')}<Expiration><Days>1</Days></Expiration>`,
      ),
      'InvalidRequest',
    ],
    [configuration(`${enabled}${under('a')}<Expiration><Days>0</Days></Expiration>`), 'InvalidArgument'],
  ] as const)('are not %s', async (body, code) => {
    await server.refused(putting('lifecycle', body), { code });
  });

  it('do not move objects to other classes, nor look at tags, sizes or dates', async () => {
    for (const rule of [
      `${enabled}${under('a')}<Transition><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition>`,
      `${enabled}<Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter><Expiration><Days>1</Days></Expiration>`,
      `${enabled}<Filter><ObjectSizeGreaterThan>1</ObjectSizeGreaterThan></Filter><Expiration><Days>1</Days></Expiration>`,
      `${enabled}${under('a')}<Expiration><Date>2030-01-01T00:00:00.000Z</Date></Expiration>`,
    ]) {
      const { status, code } = await server.send(putting('lifecycle', configuration(rule)));
      expect([
        [400, 'InvalidRequest'],
        [501, 'NotImplemented'],
      ]).toContainEqual([status, code]);
    }
    expect((await bucket()).lifecycleRules).toEqual([]);
  });
});
