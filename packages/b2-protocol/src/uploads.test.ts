import { describe, expect, it } from 'vitest';
import { sha1, TestServer, type UploadOptions } from './test-support/test-server.ts';

const readable = (value: unknown) => ({ isClientAuthorizedToRead: true, value });

describe('b2_upload_file', () => {
  it('stores a file and answers with it', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    const answer = await server.upload(bucketId, 'ignored', 'hello', {
      headers: {
        'X-Bz-File-Name': 'a/%E8%87%AA+b%2B',
        'Content-Type': 'text/x-test',
        'X-Bz-Info-Large_file_sha1': 'x%0Ay%C3%BC',
        'Content-MD5': 'XUFAKrxLKna5cZ2REBfFkg==',
      },
    });
    expect(answer.json).toEqual({
      accountId: server.accountId,
      action: 'upload',
      bucketId,
      contentLength: 5,
      contentMd5: '5d41402abc4b2a76b9719d911017c592',
      contentSha1: sha1('hello'),
      contentType: 'text/x-test',
      fileId: expect.stringMatching(/^4_z[0-9a-f]{24}_f1/) as string,
      fileInfo: { large_file_sha1: 'x\ny\u00fc' },
      fileName: 'a/\u81ea b+',
      fileRetention: readable({ mode: null, retainUntilTimestamp: null }),
      legalHold: readable(null),
      serverSideEncryption: { algorithm: null, mode: null },
      uploadTimestamp: 1_700_000_000_000,
    });
  });

  it('derives a content type where it is asked to', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    const typeOf = async (name: string) => {
      const answer = await server.upload(bucketId, name, '', { headers: { 'Content-Type': 'B2/X-Auto' } });
      return answer.json.contentType;
    };
    expect(await typeOf('dir.png/a.TXT')).toBe('text/plain');
    expect(await typeOf('dir.png/html')).toBe('application/octet-stream');
    expect(await typeOf('.html')).toBe('application/octet-stream');
    expect(await typeOf('a.nosuchthing')).toBe('application/octet-stream');
  });

  it('takes the SHA-1 in all its forms', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    const sent = async (header: string, body: string) =>
      (await server.upload(bucketId, 'a', body, { headers: { 'X-Bz-Content-Sha1': header } })).json;
    const digest = sha1('hello');
    expect(await sent(digest.toUpperCase(), 'hello')).toMatchObject({ contentSha1: digest });
    expect(await sent('hex_digits_at_end', `hello${digest}`)).toMatchObject({ contentSha1: digest, contentLength: 5 });
    expect(await sent('do_not_verify', 'hello')).toMatchObject({ contentSha1: `unverified:${digest}` });
    const other = sha1('other');
    expect(await sent(`unverified:${other}`, 'hello')).toMatchObject({ contentSha1: `unverified:${other}` });
    expect(await sent('hex_digits_at_end', sha1(''))).toMatchObject({ contentSha1: sha1(''), contentLength: 0 });
  });

  it('takes language tags and dates as clients write them', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    const given = { 'b2-content-language': 'en_US', 'b2-expires': '2100-01-01' };
    const headers = Object.fromEntries(Object.entries(given).map(([key, value]) => [`X-Bz-Info-${key}`, value]));
    expect((await server.upload(bucketId, 'a', 'x', { headers })).json.fileInfo).toEqual(given);
    const start = { bucketId, fileName: 'b', contentType: 'text/plain', fileInfo: given };
    expect((await server.ok('b2_start_large_file', start)).fileInfo).toEqual(given);
    const read = await server.download('/file/my-bucket/a?b2ContentLanguage=de_AT');
    expect([read.headers.get('content-language'), read.headers.get('expires')]).toEqual(['de_AT', '2100-01-01']);
  });

  it('gives each upload URL a token of its own, in the version of the call', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    const url = await server.ok('b2_get_upload_url', { bucketId }, { version: 'v2' });
    expect(url.uploadUrl).toMatch(new RegExp(`/b2api/v2/b2_upload_file/${bucketId}/c000_v0000000_t[0-9]{4}$`));
    expect(url.bucketId).toBe(bucketId);
  });

  const digest = sha1('hello');
  const mismatch = 'Sha1 did not match data received';
  it.each<[string, string, UploadOptions, RegExp | string]>([
    ['a wrong SHA-1', 'hello', { headers: { 'X-Bz-Content-Sha1': sha1('x') } }, mismatch],
    ['a wrong SHA-1 at the end', `hellp${digest}`, { headers: { 'X-Bz-Content-Sha1': 'hex_digits_at_end' } }, mismatch],
    [
      'no digits at the end',
      `hello${'z'.repeat(40)}`,
      { headers: { 'X-Bz-Content-Sha1': 'hex_digits_at_end' } },
      `Not a valid hex SHA1: ${'z'.repeat(40)}`,
    ],
    [
      'bytes at the end that are no text',
      `hello${'\u0000'.repeat(39)}a`,
      { headers: { 'X-Bz-Content-Sha1': 'hex_digits_at_end' } },
      `Not a valid hex SHA1: ${'?'.repeat(39)}a`,
    ],
    ...[
      'Content-Disposition',
      'Content-Encoding',
      'Content-Language',
      'Content-Location',
      'Content-Range',
      'Expires',
    ].map((name): [string, string, UploadOptions, string] => [
      name,
      'hello',
      { headers: { [name.toLowerCase()]: 'x' } },
      `Header ${name} must not be included`,
    ]),
    ['a body too short for its SHA-1', 'abc', { headers: { 'X-Bz-Content-Sha1': 'hex_digits_at_end' } }, /SHA-1/],
    ['a malformed SHA-1', 'hello', { headers: { 'X-Bz-Content-Sha1': 'abc' } }, /X-Bz-Content-Sha1/],
    ['no SHA-1', 'hello', { headers: { 'X-Bz-Content-Sha1': undefined } }, /Missing header: X-Bz-Content-Sha1/],
    [
      'a wrong MD5',
      'hello',
      { headers: { 'Content-MD5': 'AAAAAAAAAAAAAAAAAAAAAA==' } },
      'MD5 did not match data received',
    ],
    ['a malformed MD5', 'hello', { headers: { 'Content-MD5': 'AAAA' } }, /Content-MD5/],
    ['no file name', 'hello', { headers: { 'X-Bz-File-Name': undefined } }, /X-Bz-File-Name/],
    ['bad percent-encoding', 'hello', { headers: { 'X-Bz-File-Name': 'a%zz' } }, /X-Bz-File-Name/],
    ['bad UTF-8', 'hello', { headers: { 'X-Bz-File-Name': '%ff' } }, /X-Bz-File-Name/],
    ['a control character', 'hello', { headers: { 'X-Bz-File-Name': 'a%0ab' } }, /File names/],
    ['a long name', 'hello', { headers: { 'X-Bz-File-Name': 'a'.repeat(1025) } }, /1024/],
    ['no content type', 'hello', { headers: { 'Content-Type': undefined } }, /Content-Type/],
    ['reserved file info', 'hello', { headers: { 'X-Bz-Info-b2-other': 'x' } }, /b2-other/],
    ['a malformed special file info', 'hello', { headers: { 'X-Bz-Info-b2-expires': 'tomorrow' } }, /b2-expires/],
    ['bad percent-encoding of file info', 'hello', { headers: { 'X-Bz-Info-a': '%' } }, /./],
    ['too much file info', 'hello', { headers: { 'X-Bz-Info-a': 'x'.repeat(7000) } }, /7000/],
    ['no length', 'hello', { contentLength: undefined }, 'Missing header: Content-Length'],
    ['too great a length', 'hello', { contentLength: 5_368_709_121 }, /5368709120/],
    ['a body shorter than its length', 'hello', { contentLength: 6 }, /shorter/],
  ])('refuses %s and stores nothing', async (_, body, options, message) => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    await server.refused(() => server.upload(bucketId, 'a', body, options), {
      status: 400,
      code: 'bad_request',
      message,
    });
  });

  it('refuses custom timestamps unless the server allows them', async () => {
    const timestamp = (value: string) => ({ headers: { 'X-Bz-Custom-Upload-Timestamp': value } });
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    await server.refused(() => server.upload(bucketId, 'a', '', timestamp('1')), {
      status: 400,
      code: 'custom_timestamp_not_allowed',
    });
    const allowing = await TestServer.inMemory({ storage: { customTimestamps: true } });
    const allowed = await allowing.createBucket('my-bucket');
    expect((await allowing.upload(allowed, 'a', '', timestamp('12345'))).json.uploadTimestamp).toBe(12345);
    for (const value of ['1800000000000', 'x']) {
      await allowing.refused(() => allowing.upload(allowed, 'b', '', timestamp(value)), {
        status: 400,
        code: 'custom_timestamp_invalid',
      });
    }
  });

  it('refuses legacy names only where the server is strict', async () => {
    const server = await TestServer.inMemory({ b2: { strictFileNames: true } });
    const bucketId = await server.createBucket('my-bucket');
    await server.refused(() => server.upload(bucketId, '/a', ''), {
      status: 400,
      code: 'bad_request',
      message: "File names must not start with '/'",
    });
    const lenient = await TestServer.inMemory();
    expect((await lenient.upload(await lenient.createBucket('my-bucket'), '/a//b/', '')).status).toBe(200);
  });

  it('takes a token only with its own URL', async () => {
    const server = await TestServer.inMemory();
    const a = await server.createBucket('bucket-a');
    const b = await server.createBucket('bucket-b');
    const urlA = await server.ok('b2_get_upload_url', { bucketId: a });
    const urlB = await server.ok('b2_get_upload_url', { bucketId: b });
    const own = { 'X-Bz-File-Name': 'a', 'Content-Type': 'text/plain' };
    const use = (authorizationToken: string) => () =>
      server.uploadTo({ uploadUrl: urlA.uploadUrl, authorizationToken }, 'x', own);
    const bad = { status: 401, code: 'bad_auth_token' } as const;
    await server.refused(use(urlB.authorizationToken), bad);
    await server.refused(use(server.masterToken), bad);
    await server.refused(use('garbage'), bad);
    await server.refused(use(''), { status: 401, code: 'missing_auth_token' });
    const list = () => server.call('b2_list_file_names', { bucketId: a }, { token: urlA.authorizationToken });
    await server.refused(list, bad);
  });

  it('closes the connection under a body that nobody read', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    const refused = await server.upload(bucketId, 'a', 'hello', { headers: { 'X-Bz-Content-Sha1': undefined } });
    expect(refused.headers.get('connection')).toBe('close');
    const read = await server.upload(bucketId, 'a', 'hello', { headers: { 'X-Bz-Content-Sha1': sha1('x') } });
    expect(read.headers.get('connection')).toBeUndefined();
  });
});
