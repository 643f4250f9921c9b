import { SecretString } from '@coffer/bytes';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer as S3Answer } from '../../../packages/s3-protocol/src/test-support/test-server.ts';
import { childrenOf, childText } from '../../../packages/s3-protocol/src/test-support/test-server.ts';
import { encryptions } from './customer-keys.ts';
import { openTwoFaces, type TwoFaces } from './two-faces.ts';

type Headers = Readonly<Record<string, string>>;

let faces: TwoFaces;
let bucketId: string;
beforeEach(async () => {
  faces = await openTwoFaces();
  bucketId = await faces.b2.createBucket('bucket');
});

const digest = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex');
const putByS3 = (headers: Headers = {}, body = 'hello') =>
  faces.s3.ok({ method: 'PUT', target: '/bucket/a', body, headers });
const putByB2 = async (headers: Headers = {}, body = 'hello') => {
  const { status, json } = await faces.b2.upload(bucketId, 'a', body, { headers });
  expect(status).toBe(200);
  return json;
};
const headByS3 = () => faces.s3.ok({ method: 'HEAD', target: '/bucket/a' });
const headByB2 = (headers: Headers = {}) => faces.b2.download('/file/bucket/a', { head: true, headers });
async function infoByB2(answer: S3Answer) {
  const info = await faces.b2.ok('b2_get_file_info', { fileId: answer.headers.get('x-amz-version-id') });
  assert.ok('fileRetention' in info);
  return info;
}
const metadataOf = ({ headers }: S3Answer) =>
  Object.fromEntries(headers.pairs.filter(([name]) => name.startsWith('x-amz-meta-')));
const bucketByB2 = async () => {
  const { buckets } = await faces.b2.ok('b2_list_buckets', { accountId: faces.b2.accountId, bucketId });
  return buckets[0]!;
};
const updateByB2 = (fields: object) =>
  faces.b2.ok('b2_update_bucket', { accountId: faces.b2.accountId, bucketId, ...fields });

describe('ids', () => {
  it('of versions, markers and unfinished uploads are the same', async () => {
    const { fileId } = await putByB2();
    expect((await headByS3()).headers.get('x-amz-version-id')).toBe(fileId);
    const hidden = await faces.b2.ok('b2_hide_file', { bucketId, fileName: 'a' });
    const missing = await faces.s3.send({ target: '/bucket/a' });
    expect([missing.status, missing.headers.get('x-amz-delete-marker')]).toEqual([404, 'true']);
    expect(missing.headers.get('x-amz-version-id')).toBe(hidden.fileId);
    const begun = await faces.s3.ok({ method: 'POST', target: '/bucket/a?uploads' });
    const uploadId = childText(begun.xml, 'UploadId');
    const { files } = await faces.b2.ok('b2_list_file_versions', { bucketId });
    expect(files.map((file) => [file.action, file.fileId])).toEqual([
      ['start', uploadId],
      ['hide', hidden.fileId],
      ['upload', fileId],
    ]);
    // The unfinished one is no version to S3.
    const { xml } = await faces.s3.ok({ target: '/bucket?versions' });
    const ids = ['DeleteMarker', 'Version'].flatMap((name) =>
      childrenOf(xml, name).map((row) => childText(row, 'VersionId')),
    );
    expect(ids).toEqual([hidden.fileId, fileId]);
  });

  it('of the account is that of the owner', async () => {
    expect(faces.s3.accountId).toBe(faces.b2.accountId);
    expect((await faces.s3.ok({ target: '/' })).text).toContain(`<ID>${faces.b2.accountId}</ID>`);
  });
});

describe('file info', () => {
  it('is metadata, percent-encoded in one and encoded words in the other where it is not ASCII', async () => {
    await putByB2({
      'X-Bz-Info-Colour': 'dark%20red',
      'X-Bz-Info-meta-foo': 'bar',
      'X-Bz-Info-name': encodeURIComponent('Grüße'),
    });
    expect(metadataOf(await headByS3())).toMatchObject({
      'x-amz-meta-colour': 'dark red',
      'x-amz-meta-meta-foo': 'bar',
      'x-amz-meta-name': expect.stringMatching(/^=\?UTF-8\?/i) as string,
    });
    const put = await putByS3({ 'x-amz-meta-Size-Of': ' 7 ', 'x-amz-meta-name': '=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=' });
    expect((await infoByB2(put)).fileInfo).toEqual({ 'size-of': '7', name: 'Grüße' });
    const { headers } = await headByB2();
    expect([headers.get('x-bz-info-size-of'), headers.get('x-bz-info-name')]).toEqual(['7', 'Gr%C3%BC%C3%9Fe']);
  });

  it('of the times and sums that clients keep there is told as it is', async () => {
    const kept = {
      src_last_modified_millis: '1600000000123',
      large_file_sha1: '0'.repeat(40),
      mtime: '1600000000.123',
    };
    const named = (prefix: string) =>
      Object.fromEntries(Object.entries(kept).map(([name, value]) => [`${prefix}${name}`, value]));
    await putByB2(named('X-Bz-Info-'));
    const head = await headByS3();
    expect(metadataOf(head)).toEqual(named('x-amz-meta-'));
    expect(head.headers.get('last-modified')).toBe('Tue, 14 Nov 2023 22:13:20 GMT');
    expect((await infoByB2(await putByS3(named('x-amz-meta-')))).fileInfo).toEqual(kept);
  });

  it.each([
    ['b2-content-disposition', 'Content-Disposition', 'attachment; filename="a b"'],
    ['b2-content-language', 'Content-Language', 'de, en'],
    ['b2-content-encoding', 'Content-Encoding', 'gzip'],
    ['b2-cache-control', 'Cache-Control', 'max-age=3600'],
    ['b2-expires', 'Expires', 'Thu, 01 Dec 2033 16:00:00 GMT'],
  ])('%s is the header %s', async (info, header, value) => {
    const put = await putByS3({ [header]: value });
    expect((await infoByB2(put)).fileInfo).toEqual({ [info]: value });
    expect((await headByB2()).headers.get(header)).toBe(value);
    await putByB2({ [`X-Bz-Info-${info}`]: encodeURIComponent(value) });
    const head = await headByS3();
    expect([head.headers.get(header), metadataOf(head)]).toEqual([value, {}]);
  });

  it('has names that both allow', async () => {
    const put = (name: string) => ({
      method: 'PUT',
      target: '/bucket/a',
      body: 'x',
      headers: { [`x-amz-meta-${name}`]: 'v' },
    });
    await faces.s3.ok(put('x'.repeat(50)));
    await faces.s3.refused(put('x'.repeat(51)), { code: 'InvalidArgument' });
    await faces.s3.refused(put('b2-own'), { code: 'InvalidArgument' });
    const odd = "a-_.`~!#$%^&*'|+b";
    await putByB2({ [`X-Bz-Info-${odd}`]: 'v' });
    expect(metadataOf(await headByS3())).toEqual({ [`x-amz-meta-${odd}`]: 'v' });
    expect((await infoByB2(await faces.s3.ok(put(odd)))).fileInfo).toEqual({ [odd]: 'v' });
  });
});

describe('content', () => {
  it('has the type that it was stored with, and each API its own if it has none', async () => {
    await putByB2({ 'Content-Type': 'text/css' });
    expect((await headByS3()).headers.get('content-type')).toBe('text/css');
    expect((await infoByB2(await putByS3({ 'Content-Type': 'a/b; c=d' }))).contentType).toBe('a/b; c=d');
    expect((await infoByB2(await putByS3())).contentType).toBe('binary/octet-stream');
    const url = await faces.b2.ok('b2_get_upload_url', { bucketId });
    await faces.b2.uploadTo(url, 'x', { 'X-Bz-File-Name': 'page.html', 'Content-Type': 'b2/x-auto' });
    expect((await faces.s3.ok({ target: '/bucket/page.html' })).headers.get('content-type')).toBe('text/html');
  });

  it('has its digests, of plaintext, whoever wrote it', async () => {
    for (const mode of ['none', 'SSE-B2'] as const) {
      const put = await putByS3(encryptions[mode].s3Headers);
      const info = await infoByB2(put);
      expect([info.contentSha1, info.contentMd5]).toEqual([digest('sha1', 'hello'), digest('md5', 'hello')]);
      expect((await headByB2()).headers.get('x-bz-content-sha1')).toBe(digest('sha1', 'hello'));
      await putByB2(encryptions[mode].b2Headers);
      expect((await headByS3()).headers.get('etag')).toBe(`"${digest('md5', 'hello')}"`);
    }
  });

  it('of a customer’s has a tag that tells nothing, the same everywhere', async () => {
    const { b2Headers, s3Headers, s3Reading, b2Reading } = encryptions['SSE-C 1'];
    await putByB2(b2Headers);
    const { headers } = await faces.s3.ok({ target: '/bucket/a', headers: s3Reading });
    const tag = headers.get('etag') ?? '';
    expect(tag).toMatch(/^"[0-9a-f]{32}"$/);
    expect(tag).not.toContain(digest('md5', 'hello'));
    const listed = await faces.s3.ok({ target: '/bucket' });
    expect(childText(childrenOf(listed.xml, 'Contents')[0], 'ETag')).toBe(tag);
    const info = await infoByB2(await putByS3(s3Headers));
    // The native API tells whoever may list files of both digests, whatever the encryption.
    expect([info.contentSha1, info.contentMd5]).toEqual([digest('sha1', 'hello'), digest('md5', 'hello')]);
    expect(info.serverSideEncryption).toEqual({ mode: 'SSE-C', algorithm: 'AES256' });
    const read = await headByB2(b2Reading);
    expect(read.headers.get('x-bz-content-sha1')).toBe(digest('sha1', 'hello'));
  });

  it('is as old as its upload, in milliseconds', async () => {
    faces.clock.advance(1_234);
    const info = await infoByB2(await putByS3());
    expect(info.uploadTimestamp).toBe(faces.clock.now());
    const listed = await faces.s3.ok({ target: '/bucket' });
    const row = childrenOf(listed.xml, 'Contents')[0];
    expect(childText(row, 'LastModified')).toBe('2023-11-14T22:13:21.234Z');
    expect((await headByS3()).headers.get('last-modified')).toBe('Tue, 14 Nov 2023 22:13:21 GMT');
  });

  it('with a checksum of S3 has no other file info for it, and keeps the checksum when it is copied natively', async () => {
    const put = await putByS3({ 'x-amz-checksum-crc32': 'NhCmhg==' });
    const { fileInfo, fileId } = await infoByB2(put);
    expect(fileInfo).toEqual({});
    await faces.b2.ok('b2_copy_file', { sourceFileId: fileId, fileName: 'copy' });
    const asking = { 'x-amz-checksum-mode': 'ENABLED' };
    const copy = await faces.s3.ok({ method: 'HEAD', target: '/bucket/copy', headers: asking });
    expect(copy.headers.get('x-amz-checksum-crc32')).toBe('NhCmhg==');
  });

  it('is the same file under the download URL and the unsigned object URL of a public bucket', async () => {
    await putByS3({ 'x-amz-meta-k': 'v' });
    expect((await faces.s3.send({ target: '/bucket/a', key: null })).status).toBe(403);
    await updateByB2({ bucketType: 'allPublic' });
    const unsigned = await faces.s3.ok({ target: '/bucket/a', key: null });
    const native = await faces.b2.download('/file/bucket/a', { token: null });
    expect([unsigned.text, native.status, Buffer.from(native.bytes).toString()]).toEqual(['hello', 200, 'hello']);
    expect(native.headers.get('x-bz-info-k')).toBe('v');
  });
});

describe('settings of a bucket', () => {
  it('its type is its access control', async () => {
    const grants = async () => childrenOf((await faces.s3.ok({ target: '/bucket?acl' })).xml, 'AccessControlList')[0];
    expect((await grants())?.children).toHaveLength(1);
    await updateByB2({ bucketType: 'allPublic' });
    expect((await grants())?.children).toHaveLength(2);
    await faces.s3.ok({ method: 'PUT', target: '/bucket?acl', headers: { 'x-amz-acl': 'private' } });
    expect((await bucketByB2()).bucketType).toBe('allPrivate');
    await faces.s3.createBucket('open-bucket', { 'x-amz-acl': 'public-read' });
    const { buckets } = await faces.b2.ok('b2_list_buckets', {
      accountId: faces.b2.accountId,
      bucketName: 'open-bucket',
    });
    expect(buckets[0]?.bucketType).toBe('allPublic');
  });

  it('its default encryption is the same, and holds for both', async () => {
    await updateByB2({ defaultServerSideEncryption: encryptions['SSE-B2'].b2Json });
    const shown = await faces.s3.ok({ target: '/bucket?encryption' });
    expect(shown.text).toContain('<SSEAlgorithm>AES256</SSEAlgorithm>');
    expect((await putByS3()).headers.get('x-amz-server-side-encryption')).toBe('AES256');
    await faces.s3.ok({ method: 'DELETE', target: '/bucket?encryption' });
    expect((await bucketByB2()).defaultServerSideEncryption.value?.mode).toBeNull();
    await faces.s3.ok({ method: 'PUT', target: '/bucket?encryption', body: shown.text });
    expect((await bucketByB2()).defaultServerSideEncryption.value?.mode).toBe('SSE-B2');
    expect((await putByB2()).serverSideEncryption.mode).toBe('SSE-B2');
    // A key of the client's own is stronger than the default.
    const own = await putByS3(encryptions['SSE-C 1'].s3Headers);
    expect(own.headers.get('x-amz-server-side-encryption')).toBeUndefined();
    expect((await infoByB2(own)).serverSideEncryption.mode).toBe('SSE-C');
  });

  it('its rules for other origins are told by methods and by operations', async () => {
    const native = {
      corsRuleName: 'native-rule',
      allowedOrigins: ['https://a.example'],
      allowedOperations: ['b2_upload_file'],
      allowedHeaders: [],
      exposeHeaders: null,
      maxAgeSeconds: 5,
    };
    await updateByB2({
      corsRules: [native, { ...native, corsRuleName: 's3-rules', allowedOperations: ['s3_get', 's3_head'] }],
    });
    const shown = await faces.s3.ok({ target: '/bucket?cors' });
    const rules = childrenOf(shown.xml, 'CORSRule');
    expect(rules.map((rule) => childText(rule, 'ID'))).toEqual(['s3-rules']);
    expect(childrenOf(rules[0], 'AllowedMethod').map(({ text }) => text)).toEqual(['GET', 'HEAD']);
    const body =
      '<CORSConfiguration><CORSRule><ID>put-rule</ID><AllowedOrigin>*</AllowedOrigin><AllowedMethod>PUT</AllowedMethod>' +
      '</CORSRule></CORSConfiguration>';
    await faces.s3.ok({ method: 'PUT', target: '/bucket?cors', body });
    const stored = (await bucketByB2()).corsRules;
    expect(stored.map(({ corsRuleName, allowedOperations }) => [corsRuleName, allowedOperations])).toEqual([
      ['native-rule', ['b2_upload_file']],
      ['put-rule', ['s3_put']],
    ]);
    // What S3 shows can be set natively as it is.
    await updateByB2({ corsRules: stored });
    await faces.s3.ok({ method: 'DELETE', target: '/bucket?cors' });
    expect((await bucketByB2()).corsRules.map(({ corsRuleName }) => corsRuleName)).toEqual(['native-rule']);
  });

  it('its lifecycle rules are the same', async () => {
    const rule = {
      fileNamePrefix: 'logs/',
      daysFromUploadingToHiding: 7,
      daysFromHidingToDeleting: 3,
      daysFromStartingToCancelingUnfinishedLargeFiles: 2,
    };
    await updateByB2({ lifecycleRules: [rule] });
    const shown = await faces.s3.ok({ target: '/bucket?lifecycle' });
    for (const text of [
      '<Days>7</Days>',
      '<NoncurrentDays>3</NoncurrentDays>',
      '<DaysAfterInitiation>2</DaysAfterInitiation>',
      '<Prefix>logs/</Prefix>',
    ]) {
      expect(shown.text).toContain(text);
    }
    await faces.s3.ok({ method: 'DELETE', target: '/bucket?lifecycle' });
    expect((await bucketByB2()).lifecycleRules).toEqual([]);
    await faces.s3.ok({ method: 'PUT', target: '/bucket?lifecycle', body: shown.text });
    expect((await bucketByB2()).lifecycleRules).toEqual([rule]);
  });

  it('its revision counts the changes of both', async () => {
    const { revision } = await bucketByB2();
    await faces.s3.ok({ method: 'PUT', target: '/bucket?acl', headers: { 'x-amz-acl': 'public-read' } });
    const changed = await bucketByB2();
    expect(changed.revision).toBe(revision + 1);
    const stale = { accountId: faces.b2.accountId, bucketId, bucketType: 'allPrivate', ifRevisionIs: revision };
    expect((await faces.b2.call('b2_update_bucket', stale)).status).toBe(409);
  });

  it('its name is found in any case by one, and made in lower case by the other', async () => {
    await faces.b2.createBucket('Mixed-Case');
    await faces.s3.ok({ method: 'PUT', target: '/Mixed-Case/a', body: 'x' });
    await faces.s3.refused({ method: 'PUT', target: '/mixed-case' }, { code: 'BucketAlreadyOwnedByYou' });
  });
});

describe('locks', () => {
  const until = 1_800_000_000_000;
  let lockedId: string;
  beforeEach(async () => {
    lockedId = await faces.s3.createBucket('locked', { 'x-amz-bucket-object-lock-enabled': 'true' });
  });

  it('of a bucket are the same, with their default', async () => {
    const lookup = { accountId: faces.b2.accountId, bucketId: lockedId };
    const shown = async () => (await faces.b2.ok('b2_list_buckets', lookup)).buckets[0]?.fileLockConfiguration.value;
    expect((await shown())?.isFileLockEnabled).toBe(true);
    const body =
      '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>' +
      '<Mode>GOVERNANCE</Mode><Days>3</Days></DefaultRetention></Rule></ObjectLockConfiguration>';
    await faces.s3.ok({ method: 'PUT', target: '/locked?object-lock', body });
    expect(await shown()).toEqual({
      isFileLockEnabled: true,
      defaultRetention: { mode: 'governance', period: { duration: 3, unit: 'days' } },
    });
    const { json } = await faces.b2.upload(lockedId, 'a', 'x');
    const head = await faces.s3.ok({ method: 'HEAD', target: '/locked/a' });
    expect(head.headers.get('x-amz-object-lock-mode')).toBe('GOVERNANCE');
    expect(json.fileRetention.value?.mode).toBe('governance');
    const defaultRetention = { mode: 'compliance', period: { duration: 1, unit: 'years' } };
    await faces.b2.ok('b2_update_bucket', { ...lookup, defaultRetention });
    expect((await faces.s3.ok({ target: '/locked?object-lock' })).text).toContain('<Mode>COMPLIANCE</Mode><Years>1');
  });

  it('of files that one sets the other shows and keeps to', async () => {
    const headers = {
      'Content-MD5': createHash('md5').update('hello').digest('base64'),
      'x-amz-object-lock-mode': 'COMPLIANCE',
      'x-amz-object-lock-retain-until-date': new Date(until).toISOString(),
      'x-amz-object-lock-legal-hold': 'ON',
    };
    const put = await faces.s3.ok({ method: 'PUT', target: '/locked/a', body: 'hello', headers });
    const info = await infoByB2(put);
    expect(info.fileRetention.value).toEqual({ mode: 'compliance', retainUntilTimestamp: until });
    expect(info.legalHold.value).toBe('on');
    const file = { fileName: 'a', fileId: info.fileId };
    expect((await faces.b2.call('b2_delete_file_version', file)).status).toBe(401);
    await faces.b2.ok('b2_update_file_legal_hold', { ...file, legalHold: 'off' });
    const hold = await faces.s3.ok({ target: '/locked/a?legal-hold' });
    expect(childText(hold.xml, 'Status')).toBe('OFF');
    const fileRetention = { mode: 'compliance', retainUntilTimestamp: until + 1_000 };
    await faces.b2.ok('b2_update_file_retention', { ...file, fileRetention });
    const kept = await faces.s3.ok({ target: '/locked/a?retention' });
    expect(childText(kept.xml, 'RetainUntilDate')).toBe(new Date(until + 1_000).toISOString());
    const deletion = { method: 'DELETE', target: `/locked/a?versionId=${info.fileId}` };
    await faces.s3.refused(deletion, { code: 'AccessDenied' });
  });
});

describe('application keys', () => {
  it('are the same, and so are their limits', async () => {
    const { applicationKeyId, applicationKey } = await faces.b2.ok('b2_create_key', {
      accountId: faces.b2.accountId,
      keyName: 'narrow',
      capabilities: ['readFiles', 'listFiles'],
      bucketIds: [bucketId],
      namePrefix: 'in/',
    });
    const key = { id: applicationKeyId, secret: SecretString.of(applicationKey) };
    await faces.b2.upload(bucketId, 'in/a', 'hello');
    await faces.b2.upload(bucketId, 'out', 'hello');
    expect((await faces.s3.ok({ target: '/bucket/in/a', key })).text).toBe('hello');
    await faces.s3.refused({ target: '/bucket/out', key }, { code: 'AccessDenied' });
    await faces.s3.refused({ method: 'PUT', target: '/bucket/in/b', body: 'x', key }, { code: 'AccessDenied' });
    await faces.s3.ok({ target: '/bucket?prefix=in/', key });
    await faces.s3.refused({ target: '/bucket', key }, { code: 'AccessDenied' });
    await faces.b2.ok('b2_delete_key', { applicationKeyId });
    await faces.s3.refused({ target: '/bucket/in/a', key }, { code: 'InvalidAccessKeyId' });
  });
});
