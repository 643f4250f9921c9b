import { createKeyring, type Keyring } from '@coffer/keyring';
import { SecretString } from '@coffer/bytes';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerKey, sseB2Headers, sseB2Json } from './test-support/customer-keys.ts';
import { md5, sha1, TestServer, type Answer, type TestServerOptions } from './test-support/test-server.ts';

const one = customerKey(1);
const two = customerKey(2);

let folder: string;
let keyring: Keyring;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'coffer-b2-protocol-'));
  const root = { kind: 'value', value: SecretString.of('5a'.repeat(32)) } as const;
  keyring = await createKeyring(join(folder, 'keyring'), root);
});

afterAll(async () => {
  keyring.close();
  await rm(folder, { recursive: true });
});

function open(options: TestServerOptions = {}): Promise<TestServer> {
  return TestServer.inMemory({ keys: keyring, ...options });
}

const prefix = 'X-Bz-Server-Side-Encryption';
const neededMessage =
  'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.';
const badRequest = { status: 400, code: 'bad_request' } as const;
const wrongKey = { status: 403, code: 'access_denied' } as const;

/** A server with a bucket and a file of each kind. */
async function withFiles(options: TestServerOptions = {}) {
  const server = await open(options);
  server.secrets.push(...one.secrets, ...two.secrets);
  const bucketId = await server.createBucket('my-bucket');
  const put = async (name: string, headers: Readonly<Record<string, string>>) =>
    (await server.upload(bucketId, name, `data of ${name}`, { headers })).json.fileId;
  const ids = { none: await put('none', {}), b2: await put('b2', sseB2Headers), c: await put('c', one.headers) };
  return { server, bucketId, ids };
}

const byId = (fileId: string) => `/b2api/v4/b2_download_file_by_id?fileId=${fileId}`;

describe('server-side encryption of files', () => {
  it('shows in every response in its documented shape', async () => {
    const { server, bucketId } = await withFiles();
    const none = { algorithm: null, mode: null };
    const b2 = { algorithm: 'AES256', mode: 'SSE-B2' };
    const c = { algorithm: 'AES256', mode: 'SSE-C' };
    const withMd5 = { ...c, customerKeyMd5: one.md5 };
    const { files } = await server.ok('b2_list_file_names', { bucketId });
    expect((files as { serverSideEncryption: object }[]).map((file) => file.serverSideEncryption)).toEqual([
      b2,
      c,
      none,
    ]);
    const uploaded = await server.upload(bucketId, 'c', 'x', { headers: one.headers });
    expect(uploaded.json.serverSideEncryption).toEqual(withMd5);
    expect(uploaded.json.contentMd5).toBe(md5('x'));
    const info = await server.ok('b2_get_file_info', { fileId: uploaded.json.fileId });
    expect(info).toMatchObject({ serverSideEncryption: c, contentMd5: md5('x') });
    const start = { bucketId, fileName: 'l', contentType: 'text/plain', serverSideEncryption: one.json };
    const started = await server.ok('b2_start_large_file', start);
    expect(started.serverSideEncryption).toEqual(withMd5);
    const fileId = started.fileId;
    const part = await server.uploadPart(fileId, 1, 'a'.repeat(10), { headers: one.headers });
    expect(part.json.serverSideEncryption).toEqual(withMd5);
    expect(part.json.contentMd5).toBe(md5('a'.repeat(10)));
    await server.uploadPart(fileId, 2, 'b', { headers: one.headers });
    const { parts } = await server.ok('b2_list_parts', { fileId });
    expect(parts[0]).toMatchObject({ serverSideEncryption: c, contentMd5: md5('a'.repeat(10)) });
    const unfinished = await server.ok('b2_list_unfinished_large_files', { bucketId });
    expect(unfinished.files[0]?.serverSideEncryption).toEqual(c);
    const partSha1Array = [sha1('a'.repeat(10)), sha1('b')];
    expect((await server.ok('b2_finish_large_file', { fileId, partSha1Array })).serverSideEncryption).toEqual(c);
    const hide = await server.ok('b2_hide_file', { bucketId, fileName: 'l' });
    expect(hide).not.toHaveProperty('serverSideEncryption');
  });

  it('shows in the headers of downloads', async () => {
    const { server } = await withFiles();
    const sseHeaders = ({ headers }: Answer) => headers.pairs.filter(([name]) => name.startsWith(prefix));
    for (const range of [{}, { Range: 'bytes=1-2' }]) {
      for (const head of [false, true]) {
        const get = (name: string, headers: Readonly<Record<string, string>>) =>
          server.download(`/file/my-bucket/${name}`, { head, headers: { ...headers, ...range } });
        expect(sseHeaders(await get('none', {}))).toEqual([]);
        expect(sseHeaders(await get('b2', {}))).toEqual([[prefix, 'AES256']]);
        expect(sseHeaders(await get('b2', sseB2Headers))).toEqual([[prefix, 'AES256']]);
        expect(sseHeaders(await get('c', one.headers))).toEqual([
          [`${prefix}-Customer-Algorithm`, 'AES256'],
          [`${prefix}-Customer-Key-Md5`, one.md5],
        ]);
      }
    }
  });

  it('reads back by header, by JSON, and by both', async () => {
    const { server, ids } = await withFiles();
    const body = (answer: Answer) => new TextDecoder().decode(answer.bytes);
    expect(body(await server.download(byId(ids.c), { headers: one.headers }))).toBe('data of c');
    expect(body(await server.download(byId(ids.b2)))).toBe('data of b2');
    const json = (serverSideEncryption: object | null, headers = {}) =>
      server.send({
        method: 'POST',
        target: '/b2api/v4/b2_download_file_by_id',
        headers: { Authorization: server.masterToken, ...headers },
        body: JSON.stringify({ fileId: ids.c, serverSideEncryption }),
      });
    expect(body(await json(one.json))).toBe('data of c');
    expect(body(await json(one.json, one.headers))).toBe('data of c');
    expect(body(await json(null, one.headers))).toBe('data of c');
    expect(body(await json({ mode: 'none' }, one.headers))).toBe('data of c');
    await server.refused(() => json(two.json, one.headers), badRequest);
    await server.refused(() => json(two.json), wrongKey);
    await server.refused(() => json(null), { ...badRequest, message: neededMessage });
  });
});

describe('the errors of server-side encryption', () => {
  const reads = ['/file/my-bucket/c', 'id'] as const;
  it('1, 3: a download without a key, and with another', async () => {
    const { server, ids } = await withFiles();
    for (const path of [reads[0], byId(ids.c)]) {
      await server.refused(() => server.download(path), { ...badRequest, message: neededMessage });
      await server.refused(() => server.download(path, { headers: sseB2Headers }), badRequest);
      await server.refused(() => server.download(path, { headers: two.headers }), wrongKey);
      expect((await server.download(path, { head: true })).status).toBe(400);
      expect((await server.download(path, { head: true, headers: two.headers })).status).toBe(403);
    }
  });

  it('2, 4: a copy without the source key, and with another', async () => {
    const { server, bucketId, ids } = await withFiles();
    const start = { bucketId, fileName: 'large', contentType: 'text/plain' };
    const largeFileId = (await server.ok('b2_start_large_file', start)).fileId;
    const copies = [
      ['b2_copy_file', { sourceFileId: ids.c, fileName: 'copy' }],
      ['b2_copy_part', { sourceFileId: ids.c, largeFileId, partNumber: 1 }],
    ] as const;
    for (const [name, fields] of copies) {
      await server.refused(() => server.call(name, fields), { ...badRequest, message: neededMessage });
      const wrong = { ...fields, sourceServerSideEncryption: two.json };
      await server.refused(() => server.call(name, wrong), wrongKey);
    }
  });

  const customer = `${prefix}-Customer-`;
  const malformed: [string, Readonly<Record<string, string>>][] = [
    ['5: no algorithm', { ...one.headers, [`${customer}Algorithm`]: '' }],
    ['6: another algorithm', { ...one.headers, [`${customer}Algorithm`]: 'AES128' }],
    ['7: a key that is not base64', { ...one.headers, [`${customer}Key`]: '!'.repeat(44) }],
    ['7: a key of 31 bytes', { ...one.headers, [`${customer}Key`]: Buffer.alloc(31).toString('base64') }],
    ['7: a very long key', { ...one.headers, [`${customer}Key`]: 'A'.repeat(5000) }],
    ['8: an MD5 that is not base64', { ...one.headers, [`${customer}Key-Md5`]: '???' }],
    ['8: the MD5 of another key', { ...one.headers, [`${customer}Key-Md5`]: two.md5 }],
  ];
  const without = (name: string) =>
    Object.fromEntries(Object.entries(one.headers).filter(([header]) => header !== `${customer}${name}`));
  const incomplete: [string, Readonly<Record<string, string>>][] = ['Algorithm', 'Key', 'Key-Md5'].map((name) => [
    `5: without ${name}`,
    without(name),
  ]);

  it.each([...malformed, ...incomplete])('%s, on upload and download', async (_, headers) => {
    const { server, bucketId } = await withFiles();
    await server.refused(() => server.upload(bucketId, 'x', 'x', { headers }), badRequest);
    await server.refused(() => server.download('/file/my-bucket/c', { headers }), badRequest);
    await server.refused(() => server.download('/file/my-bucket/none', { headers }), badRequest);
  });

  it('takes a key without its padding', async () => {
    const { server } = await withFiles();
    const unpadded = { ...one.headers, [`${customer}Key`]: one.headers[`${customer}Key`]!.replace('=', '') };
    expect((await server.download('/file/my-bucket/c', { headers: unpadded })).status).toBe(200);
  });

  it('9: both ways at once', async () => {
    const { server, bucketId } = await withFiles();
    const headers = { ...one.headers, ...sseB2Headers };
    await server.refused(() => server.upload(bucketId, 'x', 'x', { headers }), badRequest);
  });

  it.each(['SSE-B2', 'NONE', 'aes256', ''])('10: the algorithm %s', async (value) => {
    const { server, bucketId } = await withFiles();
    await server.refused(() => server.upload(bucketId, 'x', 'x', { headers: { [prefix]: value } }), badRequest);
  });

  it('11 to 13: parts that do not fit their large file', async () => {
    const { server, bucketId } = await withFiles();
    const start = async (serverSideEncryption: object) => {
      const fields = { bucketId, fileName: 'large', contentType: 'text/plain', serverSideEncryption };
      return (await server.ok('b2_start_large_file', fields)).fileId;
    };
    const c = await start(one.json);
    const b2 = await start(sseB2Json);
    const none = await start({ mode: 'none' });
    const part = (fileId: string, headers: Readonly<Record<string, string>>) => () =>
      server.uploadPart(fileId, 1, 'x', { headers });
    await server.refused(part(c, {}), badRequest);
    await server.refused(part(c, two.headers), badRequest);
    await server.refused(part(c, sseB2Headers), badRequest);
    await server.refused(part(b2, one.headers), badRequest);
    await server.refused(part(none, one.headers), badRequest);
    await server.refused(part(none, sseB2Headers), badRequest);
    expect((await part(c, one.headers)()).status).toBe(200);
    expect((await part(b2, {})()).status).toBe(200);
    expect((await part(b2, sseB2Headers)()).status).toBe(200);
    expect((await part(none, {})()).status).toBe(200);
  });

  it('14, 15: copied parts that do not fit their large file', async () => {
    const { server, bucketId, ids } = await withFiles();
    const start = async (serverSideEncryption: object) => {
      const fields = { bucketId, fileName: 'large', contentType: 'text/plain', serverSideEncryption };
      return (await server.ok('b2_start_large_file', fields)).fileId;
    };
    const [c, b2, none] = [await start(one.json), await start(sseB2Json), await start({ mode: null })];
    const copy = (largeFileId: string, destination: object | null) => () =>
      server.call('b2_copy_part', {
        sourceFileId: ids.none,
        largeFileId,
        partNumber: 1,
        destinationServerSideEncryption: destination,
      });
    for (const setting of [null, { mode: 'none' }, sseB2Json, two.json])
      await server.refused(copy(c, setting), badRequest);
    await server.refused(copy(b2, one.json), badRequest);
    for (const setting of [sseB2Json, one.json]) await server.refused(copy(none, setting), badRequest);
    expect((await copy(c, one.json)()).json.serverSideEncryption).toMatchObject({ customerKeyMd5: one.md5 });
    for (const setting of [null, sseB2Json, { mode: 'none' }]) expect((await copy(b2, setting)()).status).toBe(200);
    expect((await copy(none, null)()).status).toBe(200);
  });

  it('16: a customer key for a file that has none, unless the server is lenient', async () => {
    const { server, ids } = await withFiles();
    for (const id of [ids.none, ids.b2]) {
      await server.refused(() => server.download(byId(id), { headers: one.headers }), badRequest);
      const copy = { sourceFileId: id, fileName: 'copy', sourceServerSideEncryption: one.json };
      await server.refused(() => server.call('b2_copy_file', copy), badRequest);
    }
    const lenient = await withFiles({ storage: { ignoreUnneededCustomerKey: true } });
    const answer = await lenient.server.download(byId(lenient.ids.none), { headers: one.headers });
    expect(answer.status).toBe(200);
  });

  const { customerKey: key, customerKeyMd5 } = one.json;
  it.each<[string, unknown]>([
    ['an unknown mode', { mode: 'SSE-X', algorithm: 'AES256' }],
    ['no mode', { algorithm: 'AES256' }],
    ['no algorithm', { mode: 'SSE-B2' }],
    ['another algorithm', { mode: 'SSE-C', algorithm: 'AES128', customerKey: key, customerKeyMd5 }],
    ['no key', { mode: 'SSE-C', algorithm: 'AES256', customerKeyMd5 }],
    ['no MD5', { mode: 'SSE-C', algorithm: 'AES256', customerKey: key }],
    ['a wrong MD5', { ...one.json, customerKeyMd5: two.md5 }],
    ['a malformed key', { ...one.json, customerKey: 'x' }],
    ['a key beside SSE-B2', { ...sseB2Json, customerKey: key, customerKeyMd5 }],
    ['a key beside none', { mode: 'none', customerKey: key, customerKeyMd5 }],
    ['a text', 'SSE-B2'],
    ['an unknown member', { ...sseB2Json, key: 'x' }],
    ['a number as key', { ...one.json, customerKey: 5 }],
  ])('5 to 8, 17: JSON with %s', async (_, setting) => {
    const { server, bucketId, ids } = await withFiles();
    const start = { bucketId, fileName: 'l', contentType: 'text/plain', serverSideEncryption: setting };
    const copy = { sourceFileId: ids.none, fileName: 'x', destinationServerSideEncryption: setting };
    const read = { fileId: ids.c, serverSideEncryption: setting };
    await server.refused(() => server.call('b2_start_large_file', start), badRequest);
    await server.refused(() => server.call('b2_copy_file', copy), badRequest);
    await server.refused(() => server.call('b2_download_file_by_id', read), badRequest);
  });

  it('18: too much metadata with encryption', async () => {
    const { server, bucketId } = await withFiles();
    const info = { 'X-Bz-Info-a': 'x'.repeat(2040) };
    expect((await server.upload(bucketId, 'x', 'x', { headers: info })).status).toBe(200);
    for (const headers of [sseB2Headers, one.headers]) {
      const send = () => server.upload(bucketId, 'x', 'x', { headers: { ...info, ...headers } });
      await server.refused(send, { ...badRequest, message: /2048/ });
    }
  });

  it('an unknown field of the copy, and a key in a URL', async () => {
    const { server, ids } = await withFiles();
    const copy = { sourceFileId: ids.none, fileName: 'x', serverSideEncryption: sseB2Json };
    const message = 'unknown field in CopyFileRequest: serverSideEncryption';
    await server.refused(() => server.call('b2_copy_file', copy), { ...badRequest, message });
    const read = { fileId: ids.c, serverSideEncryption: one.json };
    await server.refused(() => server.call('b2_download_file_by_id', read, { method: 'GET' }), badRequest);
  });
});

describe('the order of checks', () => {
  it('on download: reader, existence, syntax, presence, key, range', async () => {
    const { server } = await withFiles();
    const bad = { ...one.headers, [`${prefix}-Customer-Algorithm`]: 'AES128', Range: 'bytes=100-' };
    const get = (path: string, headers: Readonly<Record<string, string>>, token?: null) => () =>
      server.download(path, { headers, ...(token === null ? { token } : {}) });
    await server.refused(get('/file/my-bucket/missing', bad, null), { status: 401, code: 'unauthorized' });
    await server.refused(get('/file/my-bucket/missing', bad), { status: 404, code: 'not_found' });
    await server.refused(get('/file/my-bucket/c', bad), badRequest);
    const range = { Range: 'bytes=100-' };
    await server.refused(get('/file/my-bucket/c', range), { ...badRequest, message: neededMessage });
    await server.refused(get('/file/my-bucket/c', { ...two.headers, ...range }), wrongKey);
    await server.refused(get('/file/my-bucket/c', { ...one.headers, ...range }), {
      status: 416,
      code: 'range_not_satisfiable',
    });
  });

  it('on upload: everything in the headers before the body', async () => {
    const { server, bucketId } = await withFiles();
    const url = await server.ok('b2_get_upload_url', { bucketId });
    const untouched = {
      [Symbol.asyncIterator]: () => {
        throw new Error('The body was read');
      },
    };
    const send = (headers: Readonly<Record<string, string>>) => () =>
      server.send({
        method: 'POST',
        target: url.uploadUrl.slice('http://coffer.test'.length),
        headers: {
          Authorization: url.authorizationToken,
          'X-Bz-File-Name': 'a',
          'Content-Type': 'text/plain',
          'X-Bz-Content-Sha1': sha1('x'),
          ...headers,
        },
        body: untouched,
        contentLength: 1,
      });
    await server.refused(send({ ...one.headers, [`${prefix}-Customer-Key-Md5`]: two.md5 }), badRequest);
    await server.refused(send({ ...sseB2Headers, 'X-Bz-Info-a': 'x'.repeat(3000) }), badRequest);
    await server.refused(send({ 'X-Bz-File-Legal-Hold': 'on' }), { status: 400, code: 'bucket_missing_file_lock' });
    expect(server.errors).toEqual([]);
  });
});

describe('customer keys and the connection', () => {
  const remote = { address: '192.0.2.1', loopback: false, secure: false };
  const insecure = { ...badRequest, message: 'A customer key must be sent over a secure connection' };

  it('are refused over plain HTTP from elsewhere', async () => {
    const { server, bucketId, ids } = await withFiles();
    const start = { bucketId, fileName: 'l', contentType: 'text/plain', serverSideEncryption: one.json };
    const copy = { sourceFileId: ids.c, fileName: 'x', sourceServerSideEncryption: one.json };
    const read = { fileId: ids.c, serverSideEncryption: one.json };
    const options = { peer: remote };
    const { headers } = one;
    await server.refused(() => server.upload(bucketId, 'x', 'x', { headers, ...options }), insecure);
    await server.refused(() => server.call('b2_start_large_file', start, options), insecure);
    await server.refused(() => server.call('b2_copy_file', copy, options), insecure);
    await server.refused(() => server.call('b2_download_file_by_id', read, options), insecure);
    await server.refused(() => server.download(byId(ids.c), { headers, ...options }), insecure);
    expect((await server.download(byId(ids.b2), options)).status).toBe(200);
    const tls = { peer: { ...remote, secure: true } };
    expect((await server.download(byId(ids.c), { headers, ...tls })).status).toBe(200);
  });

  it('are taken where the operator allows it', async () => {
    const { server, ids } = await withFiles({ b2: { allowInsecureCustomerKeys: true } });
    const answer = await server.download(byId(ids.c), { headers: one.headers, peer: remote });
    expect(answer.status).toBe(200);
  });

  it('are not needed for HEAD where the operator says so', async () => {
    const { server } = await withFiles({ b2: { allowKeylessHead: true } });
    const head = await server.download('/file/my-bucket/c', { head: true });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '9']);
    expect(head.headers.get(`${prefix}-Customer-Algorithm`)).toBe('AES256');
    expect(head.headers.get(`${prefix}-Customer-Key-Md5`)).toBeUndefined();
    expect((await server.download('/file/my-bucket/c', { head: true, headers: two.headers })).status).toBe(403);
    await server.refused(() => server.download('/file/my-bucket/c'), badRequest);
  });
});
