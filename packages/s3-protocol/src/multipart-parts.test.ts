import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { customerKey, sseS3 } from './test-support/customer-keys.ts';
import { TestUpload } from './test-support/multipart.ts';
import { childText, TestServer } from './test-support/test-server.ts';

const md5 = (body: string) => createHash('md5').update(body).digest();
const key = customerKey(1);
const other = customerKey(2);

let server: TestServer;
beforeEach(async () => {
  server = await TestServer.inMemory();
  await server.createBucket('bucket');
});

const start = (path = '/bucket/big', options: Parameters<typeof TestUpload.start>[2] = {}) =>
  TestUpload.start(server, path, options);
const read = (target = '/bucket/big', headers: Readonly<Record<string, string>> = {}) => server.ok({ target, headers });

const [one, two] = ['1'.repeat(20), '2'.repeat(30)] as const;

const encryptions = [
  { mode: 'none', headers: {}, reading: {} },
  { mode: 'SSE-S3', headers: sseS3, reading: {} },
  { mode: 'SSE-C', headers: key.headers, reading: key.headers },
] as const;

describe('a part', () => {
  it.each(['0', '10001', '-1', 'one', '1.0', ''])('has no number %s', async (number) => {
    const upload = await start();
    const refused = await server.refused(
      { method: 'PUT', target: `${upload.target}&partNumber=${number}`, body: one },
      { code: 'InvalidArgument', message: 'Part number must be an integer between 1 and 10000, inclusive' },
    );
    expect(childText(refused.xml, 'ArgumentName')).toBe('partNumber');
  });

  it('without an upload is none', async () => {
    await server.refused({ method: 'PUT', target: '/bucket/big?partNumber=1', body: one }, { code: 'InvalidArgument' });
  });

  it('is checked as an object is', async () => {
    const upload = await start();
    const wrong = upload.partRequest(1, one, { 'Content-MD5': 'AAAAAAAAAAAAAAAAAAAAAA==' });
    await server.refused(wrong, { code: 'BadDigest' });
    const right = await server.ok(upload.partRequest(1, one, { 'Content-MD5': md5(one).toString('base64') }));
    expect(right.headers.get('etag')).toBe(`"${md5(one).toString('hex')}"`);
    for (const payload of ['signed-chunks', 'unsigned'] as const) {
      await server.ok({ ...upload.partRequest(2, two), payload });
    }
    for (const payload of ['signed-trailer', 'unsigned-trailer'] as const) {
      const trailing = (checksum: string) =>
        ({ ...upload.partRequest(2, 'hello'), payload, trailer: ['x-amz-checksum-crc32', checksum] }) as const;
      const sent = await server.ok(trailing('NhCmhg=='));
      expect(sent.headers.get('x-amz-checksum-crc32')).toBe('NhCmhg==');
      await server.refused(trailing('AAAAAA=='), { code: 'BadDigest' });
    }
  });

  it('of an SSE-C upload needs its key, and of another none', async () => {
    const missing =
      'The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate ' +
      'encryption parameters.';
    const differing = 'The provided encryption parameters did not match the ones used originally.';
    const secret = await start('/bucket/secret', { headers: key.headers, partHeaders: key.headers });
    const without = new TestUpload(server, secret.path, secret.uploadId);
    await server.refused(without.partRequest(1, one), { code: 'InvalidRequest', message: missing });
    await server.refused(secret.partRequest(1, one, other.headers), { code: 'InvalidRequest', message: differing });
    const plain = await start();
    await server.refused(plain.partRequest(1, one, key.headers), { code: 'InvalidRequest', message: missing });
    const part = await secret.part(1, one);
    const wrong = secret.completeRequest([part], other.headers);
    await server.refused(wrong, { code: 'InvalidRequest', message: differing });
    const done = await secret.complete([part]);
    const shown = ['algorithm', 'key-MD5'].map((name) =>
      done.headers.get(`x-amz-server-side-encryption-customer-${name}`),
    );
    expect(shown).toEqual(['AES256', undefined]);
    // Listing and aborting need no key.
    const aborted = await start('/bucket/secret', { headers: key.headers });
    await server.ok({ target: aborted.target });
    await server.ok({ method: 'DELETE', target: aborted.target });
  });

  it('has the encryption that the upload began with, whatever the bucket has since', async () => {
    const plain = await start('/bucket/plain');
    const body =
      '<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256' +
      '</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>';
    await server.ok({ method: 'PUT', target: '/bucket?encryption', body });
    const encrypted = await start('/bucket/encrypted');
    await server.ok({ method: 'DELETE', target: '/bucket?encryption' });
    for (const [upload, mode] of [
      [plain, undefined],
      [encrypted, 'AES256'],
    ] as const) {
      const sent = await server.ok(upload.partRequest(1, one));
      expect(sent.headers.get('x-amz-server-side-encryption')).toBe(mode);
      await upload.complete([{ partNumber: 1, etag: sent.headers.get('etag') ?? '' }]);
      expect((await read(upload.path)).headers.get('x-amz-server-side-encryption')).toBe(mode);
    }
  });
});

describe('a copied part', () => {
  const ten = '0123456789';

  it('is a whole object or a range of one, of any encryption', async () => {
    const sources = [{}, sseS3, other.headers];
    for (const [index, headers] of sources.entries()) {
      await server.ok({ method: 'PUT', target: `/bucket/source-${index}`, body: ten, headers });
    }
    for (const { mode, headers, reading } of encryptions) {
      const upload = await start('/bucket/copied', { headers, partHeaders: reading });
      const opening = (index: number) => (index === 2 ? other.sourceHeaders : {});
      const parts = [];
      for (const index of [0, 1, 2]) {
        parts.push(await upload.copyPart(index + 1, `/bucket/source-${index}`, opening(index)));
        if (mode !== 'SSE-C') expect(parts.at(-1)?.etag).toBe(`"${md5(ten).toString('hex')}"`);
      }
      const range = { 'x-amz-copy-source-range': 'bytes=3-5', ...opening(2) };
      parts.push(await upload.copyPart(4, 'bucket/source-2', range));
      await upload.complete(parts);
      expect((await read('/bucket/copied', reading)).text).toBe(`${ten}${ten}${ten}345`);
    }
  });

  it('names the version that it was copied from, which may be an old one', async () => {
    const old = await server.ok({ method: 'PUT', target: '/bucket/source', body: ten });
    await server.ok({ method: 'PUT', target: '/bucket/source', body: 'newer' });
    const upload = await start();
    const versionId = old.headers.get('x-amz-version-id') ?? '';
    const copied = await server.ok(upload.copyRequest(1, `/bucket/source?versionId=${versionId}`));
    expect(copied.headers.get('x-amz-copy-source-version-id')).toBe(versionId);
    expect(childText(copied.xml, 'LastModified')).toBe('2023-11-14T22:13:20.000Z');
    await upload.complete([{ partNumber: 1, etag: childText(copied.xml, 'ETag') ?? '' }]);
    expect((await read()).text).toBe(ten);
  });

  it.each([
    ['bytes=0-', 'InvalidArgument', /must be of the form bytes=first-last/],
    ['bytes=-5', 'InvalidArgument', /must be of the form bytes=first-last/],
    ['0-5', 'InvalidArgument', /must be of the form bytes=first-last/],
    ['bytes=5-3', 'InvalidArgument', /must be of the form bytes=first-last/],
    ['bytes=0-10', 'InvalidArgument', 'Range specified is not valid for source object of size: 10'],
    ['bytes=10-12', 'InvalidRequest', 'The specified copy range is invalid for the source object size'],
  ] as const)('cannot be of the range %s', async (range, code, message) => {
    await server.ok({ method: 'PUT', target: '/bucket/source', body: ten });
    const upload = await start();
    const request = upload.copyRequest(1, '/bucket/source', { 'x-amz-copy-source-range': range });
    await server.refused(request, { code, message });
  });

  it('needs the key of its source, its own key, and conditions that hold', async () => {
    await server.ok({ method: 'PUT', target: '/bucket/source', body: ten, headers: other.headers });
    const upload = await start('/bucket/big', { headers: key.headers });
    const copying = (headers: Readonly<Record<string, string>>) => upload.copyRequest(1, '/bucket/source', headers);
    const [own, opening] = [key.headers, other.sourceHeaders];
    await server.refused(copying(own), { code: 'InvalidRequest' });
    await server.refused(copying({ ...own, ...key.sourceHeaders }), { code: 'AccessDenied' });
    await server.refused(copying(opening), { code: 'InvalidRequest' });
    await server.refused(copying({ ...other.headers, ...opening }), { code: 'InvalidRequest' });
    const failing = { ...own, ...opening, 'x-amz-copy-source-if-match': '"other"' };
    const refused = await server.refused(copying(failing), { code: 'PreconditionFailed' });
    expect(childText(refused.xml, 'Condition')).toBe('x-amz-copy-source-If-Match');
    await server.refused(upload.copyRequest(1, '/bucket/none', own), { code: 'NoSuchKey' });
    await server.refused(upload.copyRequest(1, '/buckot/none', own), { code: 'NoSuchBucket' });
    const copied = await server.ok(copying({ ...own, ...opening }));
    expect(copied.headers.get('x-amz-server-side-encryption-customer-key-MD5')).toBe(key.md5);
  });
});
