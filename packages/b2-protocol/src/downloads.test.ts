import { describe, expect, it } from 'vitest';
import { sha1, TestServer, type Answer } from './test-support/test-server.ts';

const text = (answer: Answer) => new TextDecoder().decode(answer.bytes);
const anonymous = { token: null } as const;

describe('downloads', () => {
  it('answer with the headers of the file', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    const { json } = await server.upload(bucketId, 'x', 'hello', {
      headers: {
        'X-Bz-File-Name': 'a/%E8%87%AA%20b%2B',
        'X-Bz-Info-src_last_modified_millis': '123',
        'X-Bz-Info-note': 'a%0Ab',
        'X-Bz-Info-b2-content-disposition': 'attachment',
        'X-Bz-Info-b2-content-language': 'de',
        'X-Bz-Info-b2-expires': 'Thu,%2001%20Dec%201994%2016:00:00%20GMT',
        'X-Bz-Info-b2-cache-control': 'no-cache',
        'X-Bz-Info-b2-content-encoding': 'gzip',
      },
    });
    const id = json.fileId;
    const expected = [
      ['Accept-Ranges', 'bytes'],
      ['Cache-Control', 'no-cache'],
      ['Content-Disposition', 'attachment'],
      ['Content-Encoding', 'gzip'],
      ['Content-Language', 'de'],
      ['Content-Type', 'text/plain'],
      ['Expires', 'Thu, 01 Dec 1994 16:00:00 GMT'],
      ['X-Bz-Content-Sha1', sha1('hello')],
      ['X-Bz-File-Id', id],
      ['X-Bz-File-Name', 'a/%E8%87%AA%20b%2B'],
      ['X-Bz-Info-note', 'a%0Ab'],
      ['X-Bz-Info-src_last_modified_millis', '123'],
      ['X-Bz-Upload-Timestamp', '1700000000000'],
      ['X-Content-Type-Options', 'nosniff'],
    ];
    const byName = '/file/my-bucket/a/%e8%87%aa+b%2b';
    const byId = `/b2api/v2/b2_download_file_by_id?fileId=${id}`;
    for (const path of [byName, byId]) {
      const answer = await server.download(path);
      expect(answer.status).toBe(200);
      expect(text(answer)).toBe('hello');
      const headers = answer.headers.pairs.filter(([name]) => name !== 'X-Bz-Request-Id');
      expect(headers.toSorted(([a], [b]) => (a < b ? -1 : 1))).toEqual(expected);
      const head = await server.download(path, { head: true });
      expect(head.status).toBe(200);
      const lengthAnd = [...answer.headers.pairs, ['Content-Length', '5']].filter(
        ([name]) => name !== 'X-Bz-Request-Id',
      );
      expect(head.headers.pairs.filter(([name]) => name !== 'X-Bz-Request-Id')).toEqual(lengthAnd);
    }
    const posts = [
      ['b2_download_file_by_id', { fileId: id }],
      ['b2_download_file_by_name', { bucketName: 'my-bucket', fileName: 'a/\u81ea b+' }],
    ] as const;
    for (const [name, fields] of posts) {
      const answer = await server.call(name, fields, { version: 'v1' });
      expect(text(answer)).toBe('hello');
      expect(answer.headers.get('x-bz-file-id')).toBe(id);
    }
  });

  it('answer with what another API stored, as far as headers can hold it', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    const { fileId } = (await server.upload(bucketId, 'a', 'hello')).json;
    const fileInfo = {
      'b2-content-disposition': 'attachment; filename="ü€.txt"',
      'b2-cache-control': 'a\r\nX-Other: b',
      'b2-expires': '0',
    };
    const metadata = { contentType: 'a/b', fileInfo };
    await server.storage.copies.copyFile({ source: { fileId }, name: 'a', metadata });
    const { headers, status } = await server.download('/file/my-bucket/a');
    expect(status).toBe(200);
    expect(Buffer.from(headers.get('content-disposition') ?? '', 'latin1').toString()).toBe(
      fileInfo['b2-content-disposition'],
    );
    expect([headers.get('cache-control'), headers.get('expires')]).toEqual([undefined, '0']);
  });

  it.each<[string, number, string, string | undefined]>([
    ['bytes=0-0', 206, 'h', 'bytes 0-0/5'],
    ['bytes=1-3', 206, 'ell', 'bytes 1-3/5'],
    ['bytes=3-', 206, 'lo', 'bytes 3-4/5'],
    ['bytes=-2', 206, 'lo', 'bytes 3-4/5'],
    ['bytes=0-4', 200, 'hello', undefined],
    ['bytes=0-', 200, 'hello', undefined],
    ['bytes=0-99', 200, 'hello', undefined],
    ['bytes=0-3', 206, 'hell', 'bytes 0-3/5'],
    ['bytes=2-99', 206, 'llo', 'bytes 2-4/5'],
    ['bytes=-5', 200, 'hello', undefined],
    ['bytes=-99', 200, 'hello', undefined],
    ['bytes=3-1', 200, 'hello', undefined],
    ['bytes=0-1,3-4', 200, 'hello', undefined],
    ['lines=1-2', 200, 'hello', undefined],
    ['nonsense', 200, 'hello', undefined],
  ])('honour Range: %s', async (range, status, body, contentRange) => {
    const server = await TestServer.inMemory();
    await server.upload(await server.createBucket('my-bucket'), 'a', 'hello');
    const headers = { Range: range };
    const answer = await server.download('/file/my-bucket/a', { headers });
    expect([answer.status, text(answer)]).toEqual([status, body]);
    expect(answer.headers.get('content-range')).toBe(contentRange);
    expect(answer.headers.get('x-bz-content-sha1')).toBe(sha1('hello'));
    const head = await server.download('/file/my-bucket/a', { headers, head: true });
    expect([head.status, head.headers.get('content-length')]).toEqual([status, String(body.length)]);
  });

  it.each([
    '"anything"',
    `"${sha1('hello')}"`,
    'W/"anything"',
    'Tue, 14 Nov 2023 22:13:20 GMT',
    'Sun, 06 Nov 1994 08:49:37 GMT',
    'nonsense',
    '',
  ])('send the whole file where If-Range is %s, which names no validator of it', async (condition) => {
    const server = await TestServer.inMemory();
    await server.upload(await server.createBucket('my-bucket'), 'a', 'hello');
    for (const range of ['bytes=1-3', 'bytes=9-']) {
      const headers = { Range: range, 'If-Range': condition };
      const answer = await server.download('/file/my-bucket/a', { headers });
      expect([answer.status, text(answer), answer.headers.get('content-range')]).toEqual([200, 'hello', undefined]);
      expect([answer.headers.has('etag'), answer.headers.has('last-modified')]).toEqual([false, false]);
    }
  });

  it('take several lines of Range for several ranges', async () => {
    const server = await TestServer.inMemory();
    await server.upload(await server.createBucket('my-bucket'), 'a', 'hello');
    const headers = [
      ['Authorization', server.masterToken],
      ['Range', 'bytes=0-1'],
      ['Range', 'bytes=3-4'],
    ] as const;
    const answer = await server.send({ target: '/file/my-bucket/a', headers });
    expect([answer.status, text(answer)]).toEqual([200, 'hello']);
  });

  it.each([
    ['bytes=5-', 'hello', 'bytes */5'],
    ['bytes=-0', 'hello', 'bytes */5'],
    ['bytes=0-', '', 'bytes */0'],
  ])('refuse Range: %s of "%s"', async (range, body, contentRange) => {
    const server = await TestServer.inMemory();
    await server.upload(await server.createBucket('my-bucket'), 'a', body);
    const headers = { Range: range };
    const send = () => server.download('/file/my-bucket/a', { headers });
    const answer = await server.refused(send, { status: 416, code: 'range_not_satisfiable' });
    expect(answer.headers.get('content-range')).toBe(contentRange);
    const head = await server.download('/file/my-bucket/a', { headers, head: true });
    expect(head.status).toBe(416);
  });

  it('find only what can be read', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    const shown = (await server.upload(bucketId, 'a', 'old')).json.fileId;
    const hidden = (await server.ok('b2_hide_file', { bucketId, fileName: 'a' })).fileId;
    const start = { bucketId, fileName: 'b', contentType: 'text/plain' };
    const unfinished = (await server.ok('b2_start_large_file', start)).fileId;
    const byId = (id: string) => `/b2api/v4/b2_download_file_by_id?fileId=${id}`;
    expect(text(await server.download(byId(shown)))).toBe('old');
    const missing = shown.replace(/_f1[0-9a-f]{16}/, `_f1${'0'.repeat(16)}`);
    const paths = ['/file/my-bucket/a', '/file/my-bucket/b', '/file/my-bucket/%00', '/file/no-bucket/a', '/file/x/a'];
    const ids = [byId(hidden), byId(unfinished), byId(missing)];
    for (const path of [
      ...paths,
      ...ids,
      `/file/my-bucket/${'a'.repeat(2000)}`,
      '/file/my-bucket/',
      '/file/my-bucket',
    ]) {
      await server.refused(() => server.download(path), { status: 404, code: 'not_found' });
      expect((await server.download(path, { head: true })).status).toBe(404);
    }
    const malformed = { status: 400, code: 'bad_request' } as const;
    await server.refused(() => server.download(byId('nonsense')), {
      ...malformed,
      message: 'Invalid fileId: nonsense',
    });
    await server.refused(() => server.download('/file/my-bucket/%zz'), malformed);
    await server.refused(() => server.download('/file/my-bucket/%ff'), malformed);
    await server.refused(() => server.download('/file/my-bucket/a?b2ContentType=%zz'), malformed);
    await server.refused(() => server.download('/b2api/v4/b2_download_file_by_id'), {
      ...malformed,
      message: 'required field fileId is missing',
    });
  });

  it('need a token unless the bucket is public', async () => {
    const server = await TestServer.inMemory();
    const isPrivate = await server.createBucket('bucket-a');
    const isPublic = await server.createBucket('bucket-b', { bucketType: 'allPublic' });
    const ids = await Promise.all(
      [isPrivate, isPublic].map(async (id) => (await server.upload(id, 'a', 'x')).json.fileId),
    );
    const [privateById, publicById] = ids.map((id) => `/b2api/v4/b2_download_file_by_id?fileId=${id}`);
    const denied = { status: 401, code: 'unauthorized', message: '' } as const;
    const noRight = await server.restrictedToken(['listFiles']);
    for (const path of ['/file/bucket-a/a', '/file/bucket-a/missing', privateById!]) {
      for (const token of [null, noRight]) await server.refused(() => server.download(path, { token }), denied);
    }
    const post = { bucketName: 'bucket-a', fileName: 'a' };
    await server.refused(() => server.call('b2_download_file_by_name', post, anonymous), denied);
    for (const path of ['/file/bucket-b/a', publicById!]) {
      for (const token of [null, noRight, server.masterToken]) {
        expect((await server.download(path, { token })).status).toBe(200);
      }
      await server.refused(() => server.download(path, { token: 'garbage' }), { status: 401, code: 'bad_auth_token' });
    }
    const query = `/file/bucket-a/a?Authorization=${encodeURIComponent(server.masterToken)}`;
    expect((await server.download(query, anonymous)).status).toBe(200);
    expect((await server.download('/file/bucket-b/a?utm=1', anonymous)).status).toBe(200);
  });

  it('take download authorizations for names within their prefix', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    const other = await server.createBucket('bucket-b');
    const fileId = (await server.upload(bucketId, 'p/a', 'x')).json.fileId;
    await server.upload(bucketId, 'q', 'x');
    await server.upload(other, 'p/a', 'x');
    const fields = { bucketId, fileNamePrefix: 'p/', validDurationInSeconds: 60 };
    const answer = await server.ok('b2_get_download_authorization', fields);
    expect(answer).toMatchObject({ bucketId, fileNamePrefix: 'p/' });
    const token = answer.authorizationToken;
    expect((await server.download('/file/my-bucket/p/a', { token })).status).toBe(200);
    const query = `Authorization=${encodeURIComponent(token)}`;
    expect((await server.download(`/file/my-bucket/p/a?${query}`, anonymous)).status).toBe(200);
    const denied = { status: 401, code: 'unauthorized' } as const;
    await server.refused(() => server.download('/file/my-bucket/q', { token }), denied);
    await server.refused(() => server.download('/file/bucket-b/p/a', { token }), denied);
    await server.refused(() => server.download(`/b2api/v4/b2_download_file_by_id?fileId=${fileId}`, { token }), denied);
    await server.refused(() => server.call('b2_list_file_names', { bucketId }, { token }), {
      status: 401,
      code: 'bad_auth_token',
    });
  });

  it('apply overrides, which an authorization may fix', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket', {
      bucketType: 'allPublic',
      bucketInfo: { 'Cache-Control': 'max-age=1' },
    });
    await server.upload(bucketId, 'a', 'x');
    expect((await server.download('/file/my-bucket/a', anonymous)).headers.get('cache-control')).toBe('max-age=1');
    const query =
      'b2ContentType=image/png&b2ContentDisposition=inline&b2CacheControl=no-store&b2ContentLanguage=de' +
      '&b2ContentEncoding=gzip&b2Expires=Thu,%2001%20Dec%201994%2016:00:00%20GMT';
    const { headers } = await server.download(`/file/my-bucket/a?${query}`);
    const names = [
      'content-type',
      'content-disposition',
      'cache-control',
      'content-language',
      'content-encoding',
      'expires',
    ];
    expect(names.map((name) => headers.get(name))).toEqual([
      'image/png',
      'inline',
      'no-store',
      'de',
      'gzip',
      'Thu, 01 Dec 1994 16:00:00 GMT',
    ]);
    const denied = { status: 401, code: 'unauthorized' } as const;
    await server.refused(() => server.download(`/file/my-bucket/a?${query}`, anonymous), denied);
    const injected = '/file/my-bucket/a?b2ContentType=a%0d%0aX-Evil:1';
    await server.refused(() => server.download(injected), { status: 400, code: 'bad_request' });
    const fixed = await server.ok('b2_get_download_authorization', {
      bucketId,
      fileNamePrefix: '',
      validDurationInSeconds: 60,
      b2ContentType: 'image/png',
    });
    const token = fixed.authorizationToken;
    expect((await server.download('/file/my-bucket/a?b2ContentType=image/png', { token })).status).toBe(200);
    await server.refused(() => server.download('/file/my-bucket/a', { token }), denied);
    await server.refused(() => server.download('/file/my-bucket/a?b2ContentType=image/gif', { token }), denied);
  });
});
