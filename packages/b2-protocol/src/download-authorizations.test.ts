import { fixedClock } from '@coffer/storage-testkit';
import { overrideHeaders, overrideNames, type OverrideName } from '@coffer/b2-schema';
import { describe, expect, it } from 'vitest';
import { TestServer, type Answer } from './test-support/test-server.ts';

const denied = { status: 401, code: 'unauthorized' } as const;
const expired = { status: 401, code: 'expired_auth_token' } as const;
const text = (answer: Answer) => new TextDecoder().decode(answer.bytes);

async function scene(settings: object = {}) {
  const clock = fixedClock(1_700_000_000_000);
  const server = await TestServer.inMemory({ clock });
  const bucketId = await server.createBucket('my-bucket', settings);
  await server.upload(bucketId, 'p/a', 'hello');
  await server.upload(bucketId, 'q', 'there');
  const authorizing = async (fields: object = {}, method: 'GET' | 'POST' = 'POST') => {
    const all = { bucketId, fileNamePrefix: 'p/', validDurationInSeconds: 60, ...fields };
    return (await server.ok('b2_get_download_authorization', all, { method })).authorizationToken;
  };
  return { clock, server, bucketId, authorizing };
}

/** A value of each override, and another one. */
const values: Readonly<Record<OverrideName, readonly [string, string]>> = {
  b2CacheControl: ['no-store', 'max-age=60'],
  b2ContentDisposition: ['inline', 'attachment; filename="a b.txt"'],
  b2ContentEncoding: ['gzip', 'br'],
  b2ContentLanguage: ['de', 'en-GB, fr'],
  b2ContentType: ['image/png', 'text/html; charset=utf-8'],
  b2Expires: ['Thu, 01 Dec 1994 16:00:00 GMT', 'Fri, 02 Dec 1994 16:00:00 GMT'],
};

const pathWith = (fields: Partial<Record<OverrideName, string>>) =>
  `/file/my-bucket/p/a?${Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')}`;

describe('a download authorization', () => {
  it.each(['GET', 'POST'] as const)('of the empty prefix, asked for by %s, is for the whole bucket', async (method) => {
    const { server, authorizing } = await scene();
    const token = await authorizing({ fileNamePrefix: '' }, method);
    expect(text(await server.download('/file/my-bucket/p/a', { token }))).toBe('hello');
    expect(text(await server.download('/file/my-bucket/q', { token }))).toBe('there');
  });

  it('needs a prefix to be said', async () => {
    const { server, bucketId } = await scene();
    const without = { bucketId, validDurationInSeconds: 60 };
    for (const method of ['GET', 'POST'] as const) {
      await server.refused(() => server.call('b2_get_download_authorization', without, { method }), {
        status: 400,
        code: 'bad_request',
        message: 'required field fileNamePrefix is missing',
      });
    }
  });

  it('holds for GET, HEAD and ranges, in the header and in the URL', async () => {
    const { server, authorizing } = await scene();
    const token = await authorizing();
    const inUrl = `/file/my-bucket/p/a?Authorization=${encodeURIComponent(token)}`;
    for (const [path, options] of [
      ['/file/my-bucket/p/a', { token }],
      [inUrl, { token: null }],
    ] as const) {
      const whole = await server.download(path, options);
      expect([whole.status, text(whole)]).toEqual([200, 'hello']);
      const head = await server.download(path, { ...options, head: true });
      expect([head.status, head.headers.get('content-length')]).toEqual([200, '5']);
      const part = await server.download(path, { ...options, headers: { Range: 'bytes=1-2' } });
      expect([part.status, text(part), part.headers.get('content-range')]).toEqual([206, 'el', 'bytes 1-2/5']);
    }
    const post = { bucketName: 'my-bucket', fileName: 'p/a' };
    expect(text(await server.call('b2_download_file_by_name', post, { token }))).toBe('hello');
    const outside = { bucketName: 'my-bucket', fileName: 'q' };
    await server.refused(() => server.call('b2_download_file_by_name', outside, { token }), denied);
  });

  it.each([1, 604_800])('of %i seconds ends then, not before', async (validDurationInSeconds) => {
    const { clock, server, bucketId } = await scene();
    // A token of the master key: nothing of the key's ends earlier.
    const fields = { bucketId, fileNamePrefix: '', validDurationInSeconds };
    const token = (await server.ok('b2_get_download_authorization', fields)).authorizationToken;
    clock.advance(validDurationInSeconds * 1_000 - 1);
    expect((await server.download('/file/my-bucket/q', { token })).status).toBe(200);
    clock.advance(1);
    await server.refused(() => server.download('/file/my-bucket/q', { token }), expired);
  });

  it('ends with its key', async () => {
    const { server, bucketId } = await scene();
    const { accountId } = server;
    const fields = { accountId, keyName: 'k', capabilities: ['shareFiles'], bucketIds: [bucketId] };
    const { applicationKeyId } = await server.ok('b2_create_key', fields);
    const key = await server.storage.applicationKeys.get(accountId, applicationKeyId);
    const account = await server.storage.tokens.issueAccountToken(key);
    const share = { bucketId, fileNamePrefix: '', validDurationInSeconds: 60 };
    const token = (await server.ok('b2_get_download_authorization', share, { token: account })).authorizationToken;
    // Who may share need not be able to read.
    expect((await server.download('/file/my-bucket/q', { token })).status).toBe(200);
    await server.refused(() => server.download('/file/my-bucket/q', { token: account }), denied);
    await server.ok('b2_delete_key', { applicationKeyId });
    await server.refused(() => server.download('/file/my-bucket/q', { token }), {
      status: 401,
      code: 'bad_auth_token',
    });
  });

  it.each(overrideNames)('that fixes %s wants just that value asked for', async (name) => {
    const { server, authorizing } = await scene();
    const [fixed, other] = values[name];
    const token = await authorizing({ [name]: fixed });
    for (const head of [false, true]) {
      const answer = await server.download(pathWith({ [name]: fixed }), { token, head });
      expect([answer.status, answer.headers.get(overrideHeaders[name])]).toEqual([200, fixed]);
    }
    const post = { bucketName: 'my-bucket', fileName: 'p/a' };
    const posted = await server.call('b2_download_file_by_name', { ...post, [name]: fixed }, { token });
    expect(posted.headers.get(overrideHeaders[name])).toBe(fixed);
    for (const path of [pathWith({ [name]: other }), '/file/my-bucket/p/a']) {
      await server.refused(() => server.download(path, { token }), denied);
    }
  });

  it.each(overrideNames)('that fixes %s lets no other header be added', async (name) => {
    const { server, authorizing } = await scene();
    const fixed = values[name][0];
    const token = await authorizing({ [name]: fixed });
    for (const other of overrideNames.filter((each) => each !== name))
      await server.refused(
        () => server.download(pathWith({ [name]: fixed, [other]: values[other][0] }), { token }),
        denied,
      );
  });

  it.each(overrideNames)('that fixes nothing lets the reader choose %s', async (name) => {
    const { server, authorizing } = await scene();
    const token = await authorizing();
    for (const value of values[name]) {
      const answer = await server.download(pathWith({ [name]: value }), { token });
      expect([answer.status, answer.headers.get(overrideHeaders[name])]).toEqual([200, value]);
    }
  });
});

describe('a download', () => {
  const bucketInfo = { 'Cache-Control': 'max-age=1' };

  it.each<[file: string | undefined, override: string | undefined, shown: string]>([
    [undefined, undefined, 'max-age=1'],
    ['max-age=2', undefined, 'max-age=2'],
    [undefined, 'max-age=3', 'max-age=3'],
    ['max-age=2', 'max-age=3', 'max-age=3'],
  ])('of a file with Cache-Control %s, asked for with %s, has %s', async (file, override, shown) => {
    const { server, bucketId } = await scene({ bucketInfo });
    await server.upload(bucketId, 'p/a', 'hello', { headers: { 'X-Bz-Info-b2-cache-control': file } });
    const path = pathWith(override === undefined ? {} : { b2CacheControl: override });
    for (const head of [false, true]) {
      expect((await server.download(path, { head })).headers.getAll('cache-control')).toEqual([shown]);
    }
  });

  it('has no Cache-Control that nobody set, ignores conditions, and is whole where its range has one', async () => {
    const { server } = await scene();
    const answer = await server.download('/file/my-bucket/p/a', {
      headers: {
        'If-None-Match': '*',
        'If-Modified-Since': 'Thu, 01 Jan 2099 00:00:00 GMT',
        'If-Range': '"x"',
        Range: 'bytes=0-0',
      },
    });
    expect([answer.status, text(answer)]).toEqual([200, 'hello']);
    for (const name of ['cache-control', 'etag', 'last-modified']) expect(answer.headers.has(name)).toBe(false);
  });
});
