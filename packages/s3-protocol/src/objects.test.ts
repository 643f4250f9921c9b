import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { TestServer } from './test-support/test-server.ts';

const md5 = (body: string) => createHash('md5').update(body).digest('hex');

let server: TestServer;
beforeEach(async () => {
  server = await TestServer.inMemory();
  await server.createBucket('bucket');
});

const put = (key: string, body: string, headers: Record<string, string> = {}) =>
  server.ok({ method: 'PUT', target: `/bucket/${key}`, body, headers });

describe('an object', () => {
  it('comes back as it was put, with what was stored beside it', async () => {
    const stored = await put('a%20b/%C3%BC.txt', 'hello', {
      'Content-Type': 'text/plain',
      'Cache-Control': 'max-age=60',
      'x-amz-meta-Colour': 'red',
    });
    expect(stored.headers.get('etag')).toBe(`"${md5('hello')}"`);
    const versionId = stored.headers.get('x-amz-version-id') ?? '';
    for (const target of ['/bucket/a%20b/%C3%BC.txt', `/bucket/a%20b/%C3%BC.txt?versionId=${versionId}`]) {
      const read = await server.ok({ target });
      expect(read.text).toBe('hello');
      expect(Object.fromEntries(read.headers.pairs)).toMatchObject({
        ETag: `"${md5('hello')}"`,
        'Content-Type': 'text/plain',
        'Cache-Control': 'max-age=60',
        'x-amz-meta-colour': 'red',
        'x-amz-version-id': versionId,
        'Last-Modified': 'Tue, 14 Nov 2023 22:13:20 GMT',
        'Accept-Ranges': 'bytes',
      });
      const head = await server.ok({ method: 'HEAD', target });
      expect(head.headers.get('content-length')).toBe('5');
    }
    expect(server.events.at(-1)).toMatchObject({
      operation: 'HeadObject',
      status: 200,
      errorCode: null,
      encryption: 'none',
    });
  });

  it('has the content type of AWS where none was given', async () => {
    await put('a', 'x');
    expect((await server.ok({ target: '/bucket/a' })).headers.get('content-type')).toBe('binary/octet-stream');
  });

  it('may have a key that no path could be', async () => {
    for (const key of ['/', 'a//b', './..', 'a/', '%2Fa', '%3Fversion']) {
      await put(key, key);
      expect((await server.ok({ target: `/bucket/${key}` })).text).toBe(key);
    }
  });

  it('is addressed by the host, too', async () => {
    await server.ok({ method: 'PUT', host: 'bucket.s3.test:8080', target: '/k', body: 'v' });
    expect((await server.ok({ target: '/bucket/k' })).text).toBe('v');
  });

  it('is not found, hidden, or gone for good, each with its own answer', async () => {
    await server.refused({ target: '/bucket/none' }, { code: 'NoSuchKey' });
    await server.refused({ target: '/buckot/none' }, { code: 'NoSuchBucket' });
    await put('a', '1');
    const hidden = await server.ok({ method: 'DELETE', target: '/bucket/a' });
    const marker = hidden.headers.get('x-amz-version-id') ?? '';
    expect(hidden.headers.get('x-amz-delete-marker')).toBe('true');
    const refused = await server.refused({ target: '/bucket/a' }, { code: 'NoSuchKey' });
    expect(refused.headers.get('x-amz-delete-marker')).toBe('true');
    expect(refused.headers.get('x-amz-version-id')).toBe(marker);
    await server.refused({ target: `/bucket/a?versionId=${marker}` }, { code: 'MethodNotAllowed' });
    const undeleted = await server.ok({ method: 'DELETE', target: `/bucket/a?versionId=${marker}` });
    expect(undeleted.headers.get('x-amz-delete-marker')).toBe('true');
    const current = await server.ok({ target: '/bucket/a' });
    const versionId = current.headers.get('x-amz-version-id') ?? '';
    await server.ok({ method: 'DELETE', target: `/bucket/a?versionId=${versionId}` });
    await server.refused({ target: `/bucket/a?versionId=${versionId}` }, { code: 'NoSuchVersion' });
    const again = await server.ok({ method: 'DELETE', target: `/bucket/a?versionId=${versionId}` });
    expect([again.status, again.headers.get('x-amz-version-id')]).toEqual([204, versionId]);
    await server.refused(
      { target: '/bucket/a?versionId=nonsense' },
      { code: 'InvalidArgument', message: 'Invalid version id specified' },
    );
  });

  it('can be deleted although it never was', async () => {
    const deleted = await server.ok({ method: 'DELETE', target: '/bucket/never' });
    expect(deleted.headers.get('x-amz-delete-marker')).toBe('true');
  });
});

describe('a range', () => {
  const ten = '0123456789';
  it.each([
    ['bytes=0-8', 206, '012345678', 'bytes 0-8/10'],
    ['bytes=1-', 206, '123456789', 'bytes 1-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=-15', 206, ten, 'bytes 0-9/10'],
    ['bytes=0-100', 206, ten, 'bytes 0-9/10'],
    ['bytes=1-0', 200, ten, undefined],
    ['bytes=-', 200, ten, undefined],
    ['bytes=0-1,3-4', 200, ten, undefined],
    ['lines=0-1', 200, ten, undefined],
  ] as const)('%s', async (range, status, text, contentRange) => {
    await put('ten', ten);
    const answer = await server.send({ target: '/bucket/ten', headers: { Range: range } });
    expect([answer.status, answer.text, answer.headers.get('content-range')]).toEqual([status, text, contentRange]);
  });

  it.each(['bytes=-0', 'bytes=100-200', 'bytes=10-'])('%s cannot be satisfied', async (range) => {
    await put('ten', ten);
    const answer = await server.refused({ target: '/bucket/ten', headers: { Range: range } }, { code: 'InvalidRange' });
    expect(answer.headers.get('content-range')).toBe('bytes */10');
    expect(answer.text).toContain('<ActualObjectSize>10</ActualObjectSize>');
  });

  it('of an empty object cannot be satisfied', async () => {
    await put('empty', '');
    await server.refused({ target: '/bucket/empty', headers: { Range: 'bytes=0-' } }, { code: 'InvalidRange' });
  });

  it('is a part number of an object of one part', async () => {
    await put('ten', ten);
    const part = await server.ok({ target: '/bucket/ten?partNumber=1' });
    expect([part.status, part.text, part.headers.get('x-amz-mp-parts-count')]).toEqual([206, ten, undefined]);
    await server.refused({ target: '/bucket/ten?partNumber=2' }, { code: 'InvalidPartNumber' });
    await server.refused({ target: '/bucket/ten?partNumber=0' }, { code: 'InvalidArgument' });
    await server.refused(
      { target: '/bucket/ten?partNumber=1', headers: { Range: 'bytes=0-1' } },
      { code: 'InvalidRequest' },
    );
  });
});

describe('a token of a session', () => {
  it('is refused, however the request is signed', async () => {
    await put('a', 'x');
    const headers = { 'x-amz-security-token': 'a' };
    await server.refused({ target: '/bucket/a', headers }, { code: 'InvalidToken' });
    await server.refused({ target: '/bucket/a', headers, key: null }, { code: 'InvalidToken' });
    const target = server.presigned({ target: '/bucket/a?X-Amz-Security-Token=a' });
    expect((await server.sendRaw({ target, headers: { Host: 'localhost' } })).code).toBe('InvalidToken');
  });
});

describe('conditions', () => {
  const etag = `"${md5('x')}"`;
  const later = 'Wed, 15 Nov 2023 00:00:00 GMT';
  const before = 'Mon, 13 Nov 2023 00:00:00 GMT';

  it.each([
    [{ 'If-Match': etag }, 200],
    [{ 'If-Match': '"other"' }, 412],
    [{ 'If-None-Match': etag }, 304],
    [{ 'If-None-Match': '"other"' }, 200],
    [{ 'If-Match': md5('x') }, 200],
    [{ 'If-Match': `other, ${md5('x')}` }, 200],
    [{ 'If-Match': 'other' }, 412],
    [{ 'If-None-Match': md5('x') }, 304],
    [{ 'If-None-Match': `${md5('x')}0` }, 200],
    [{ 'If-Modified-Since': before }, 200],
    [{ 'If-Modified-Since': 'Tue, 14 Nov 2023 22:13:20 GMT' }, 304],
    [{ 'If-Modified-Since': later }, 200],
    [{ 'If-Unmodified-Since': before }, 412],
    [{ 'If-Match': etag, 'If-Unmodified-Since': before }, 200],
  ] as const)('%j of a read', async (headers, status) => {
    await put('a', 'x');
    expect((await server.send({ target: '/bucket/a', headers })).status).toBe(status);
  });

  it('that end in 304 give the stored headers in the form that a whole answer has', async () => {
    await put('a', 'x', { 'Cache-Control': Buffer.from('x="€"').toString('latin1'), Expires: '=?UTF-8?Q?a=0D=0Ab?=' });
    const whole = await server.ok({ target: '/bucket/a' });
    const short = await server.send({ target: '/bucket/a', headers: { 'If-None-Match': etag } });
    expect(short.status).toBe(304);
    for (const name of ['cache-control', 'expires']) {
      expect(short.headers.get(name)).toMatch(/^=\?UTF-8\?Q\?[!-~]+\?=$/);
      expect(short.headers.get(name)).toBe(whole.headers.get(name));
    }
  });

  it('of writes hold, or nothing is stored', async () => {
    await put('a', 'x', { 'If-None-Match': '*' });
    const target = '/bucket/a';
    const refuse = (headers: Record<string, string>, code: 'PreconditionFailed' | 'NotImplemented') =>
      server.refused({ method: 'PUT', target, body: 'y', headers }, { code });
    await refuse({ 'If-None-Match': '*' }, 'PreconditionFailed');
    await refuse({ 'If-Match': '"other"' }, 'PreconditionFailed');
    await refuse({ 'If-None-Match': etag }, 'NotImplemented');
    await put('a', 'y', { 'If-Match': etag });
    await server.refused(
      { method: 'PUT', target: '/bucket/b', body: 'y', headers: { 'If-Match': etag } },
      { code: 'NoSuchKey' },
    );
    await server.refused({ method: 'DELETE', target, headers: { 'If-Match': etag } }, { code: 'PreconditionFailed' });
    await server.refused(
      { method: 'DELETE', target, headers: { 'x-amz-if-match-size': '9' } },
      { code: 'NotImplemented' },
    );
    await server.ok({ method: 'DELETE', target, headers: { 'If-Match': `"${md5('y')}"` } });
    await put('a', 'z', { 'If-None-Match': '*' });
  });
});

describe('a body', () => {
  const crc32 = 'NhCmhg==';

  it.each(['sha256', 'unsigned', 'signed-chunks', 'signed-trailer', 'unsigned-trailer'] as const)(
    'sent as %s is stored',
    async (payload) => {
      const trailer = payload.endsWith('trailer') ? { trailer: ['x-amz-checksum-crc32', crc32] as const } : {};
      const stored = await server.ok({ method: 'PUT', target: '/bucket/a', body: 'hello', payload, ...trailer });
      if (payload.endsWith('trailer')) expect(stored.headers.get('x-amz-checksum-crc32')).toBe(crc32);
      const read = await server.ok({ target: '/bucket/a', headers: { 'x-amz-checksum-mode': 'ENABLED' } });
      expect(read.text).toBe('hello');
      expect(read.headers.get('content-encoding')).toBeUndefined();
      expect(read.headers.get('x-amz-checksum-crc32')).toBe(payload.endsWith('trailer') ? crc32 : undefined);
    },
  );

  it('of unknown length is stored', async () => {
    const stream = (async function* () {
      await Promise.resolve();
      yield new TextEncoder().encode('hel');
      yield new TextEncoder().encode('lo');
    })();
    await server.ok({ method: 'PUT', target: '/bucket/a', stream });
    expect((await server.ok({ target: '/bucket/a' })).text).toBe('hello');
  });

  it.each([
    [{ 'x-amz-checksum-crc32': crc32 }, undefined],
    [{ 'x-amz-checksum-crc32c': 'mnG7TA==' }, undefined],
    [{ 'x-amz-checksum-crc64nvme': 'M3eFcAZSQlc=' }, undefined],
    [{ 'x-amz-checksum-sha1': 'qvTGHdzF6KLavt4PO0gs2a6pQ00=' }, undefined],
    [{ 'x-amz-checksum-sha256': 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=' }, undefined],
    [{ 'Content-MD5': 'XUFAKrxLKna5cZ2REBfFkg==' }, undefined],
    [{ 'x-amz-checksum-crc32': 'AAAAAA==' }, 'BadDigest'],
    [{ 'x-amz-checksum-sha1': 'nonsense' }, 'InvalidRequest'],
    [{ 'x-amz-checksum-crc32': crc32, 'x-amz-checksum-crc32c': 'mnG7TA==' }, 'InvalidRequest'],
    [{ 'Content-MD5': 'AAAAAAAAAAAAAAAAAAAAAA==' }, 'BadDigest'],
    [{ 'Content-MD5': 'nonsense' }, 'InvalidDigest'],
  ] as const)('with %j', async (headers, code) => {
    const request = { method: 'PUT', target: '/bucket/a', body: 'hello', headers };
    if (code !== undefined) {
      await server.refused(request, { code });
      return;
    }
    await server.ok(request);
    const [name, value] = Object.entries(headers)[0] ?? [];
    if (name?.startsWith('x-amz-') !== true) return;
    const read = await server.ok({ target: '/bucket/a', headers: { 'x-amz-checksum-mode': 'ENABLED' } });
    expect([read.headers.get(name), read.headers.get('x-amz-checksum-type')]).toEqual([value, 'FULL_OBJECT']);
    const part = await server.ok({
      target: '/bucket/a',
      headers: { 'x-amz-checksum-mode': 'ENABLED', Range: 'bytes=0-1' },
    });
    expect(part.headers.get(name)).toBeUndefined();
  });
});

describe('several objects', () => {
  it('are deleted at once, each with its own answer', async () => {
    await put('a', '1');
    const version = (await put('b', '2')).headers.get('x-amz-version-id') ?? '';
    const body =
      `<Delete><Object><Key>a</Key></Object><Object><Key>b</Key><VersionId>${version}</VersionId></Object>` +
      '<Object><Key>c</Key><VersionId>nonsense</VersionId></Object></Delete>';
    const { text } = await server.ok({ method: 'POST', target: '/bucket?delete', body });
    expect(text).toContain('<Deleted><Key>a</Key><DeleteMarker>true</DeleteMarker><DeleteMarkerVersionId>');
    expect(text).toContain(`<Deleted><Key>b</Key><VersionId>${version}</VersionId></Deleted>`);
    expect(text).toContain('<Error><Key>c</Key><VersionId>nonsense</VersionId><Code>NoSuchVersion</Code>');
    await server.refused({ target: '/bucket/a' }, { code: 'NoSuchKey' });
  });
});

describe('a copy', () => {
  it('is an object of its own, with the metadata of its source or with others', async () => {
    await put('a%20b', 'hello', {
      'Content-Type': 'text/plain',
      'x-amz-meta-k': 'v',
      'x-amz-checksum-crc32': 'NhCmhg==',
    });
    const copied = await server.ok({
      method: 'PUT',
      target: '/bucket/c',
      headers: { 'x-amz-copy-source': 'bucket/a%20b' },
    });
    expect(copied.text).toContain(`<ETag>&quot;${md5('hello')}&quot;</ETag>`);
    expect(copied.text).toContain('<ChecksumCRC32>NhCmhg==</ChecksumCRC32>');
    const read = await server.ok({ target: '/bucket/c' });
    expect([read.text, read.headers.get('content-type'), read.headers.get('x-amz-meta-k')]).toEqual([
      'hello',
      'text/plain',
      'v',
    ]);
    await server.ok({
      method: 'PUT',
      target: '/bucket/c',
      headers: { 'x-amz-copy-source': '/bucket/a%20b', 'x-amz-metadata-directive': 'REPLACE', 'x-amz-meta-n': 'w' },
    });
    const replaced = await server.ok({ target: '/bucket/c' });
    expect([replaced.headers.get('x-amz-meta-k'), replaced.headers.get('x-amz-meta-n')]).toEqual([undefined, 'w']);
    await server.refused(
      { method: 'PUT', target: '/bucket/c', headers: { 'x-amz-copy-source': '/bucket/c' } },
      { code: 'InvalidRequest', message: /copy an object to itself/ },
    );
    await server.refused(
      { method: 'PUT', target: '/bucket/c', headers: { 'x-amz-copy-source': '/bucket/none' } },
      { code: 'NoSuchKey' },
    );
  });
});
