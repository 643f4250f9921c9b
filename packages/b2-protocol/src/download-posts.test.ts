import { describe, expect, it } from 'vitest';
import { customerKey, sseB2Headers } from './test-support/customer-keys.ts';
import { TestServer, type Answer } from './test-support/test-server.ts';

const one = customerKey(1);
const text = (answer: Answer) => new TextDecoder().decode(answer.bytes);

async function scene() {
  const server = await TestServer.inMemory();
  server.secrets.push(...one.secrets);
  const bucketId = await server.createBucket('my-bucket');
  await server.upload(bucketId, 'dir/a b', 'hello');
  await server.upload(bucketId, 'c', 'secret', { headers: one.headers });
  const post = (target: string, json: string, headers: Readonly<Record<string, string>> = {}) =>
    server.send({ method: 'POST', target, headers: { Authorization: server.masterToken, ...headers }, body: json });
  return { server, bucketId, post };
}

describe('POST to a download URL', () => {
  it('takes the parameters from its JSON and the names from the URL', async () => {
    const { post } = await scene();
    const plain = await post('/file/my-bucket/dir/a+b', '{}');
    expect([plain.status, text(plain)]).toEqual([200, 'hello']);
    const names = { bucketName: 'my-bucket', fileName: 'dir/a b' };
    const fields = { ...names, b2ContentType: 'image/png', b2Expires: null };
    const overridden = await post('/file/my-bucket/dir/a%20b', JSON.stringify(fields), { Range: 'bytes=1-2' });
    expect([overridden.status, text(overridden)]).toEqual([206, 'el']);
    expect(overridden.headers.get('content-type')).toBe('image/png');
  });

  it('takes a customer key in its JSON', async () => {
    const { server, post } = await scene();
    const read = await post('/file/my-bucket/c', JSON.stringify({ serverSideEncryption: one.json }));
    expect([read.status, text(read)]).toEqual([200, 'secret']);
    await server.refused(() => post('/file/my-bucket/c', '{}'), { status: 400, code: 'bad_request' });
  });

  it.each([
    ['another name', '{"fileName":"other"}', 'fileName must be the one in the URL'],
    ['another bucket', '{"bucketName":"other-bucket"}', 'bucketName must be the one in the URL'],
    ['a name that is none', '{"fileName":7}', 'fileName must be the one in the URL'],
    ['an unknown field', '{"more":1}', 'unknown field in DownloadFileByNameRequest: more'],
    ['a list', '[]', /object/],
  ])('refuses %s', async (_, json, message) => {
    const { server, post } = await scene();
    const bad = { status: 400, code: 'bad_request', message } as const;
    await server.refused(() => post('/file/my-bucket/dir/a+b', json), bad);
  });

  it('needs the rights of any download, and JSON', async () => {
    const { server, bucketId, post } = await scene();
    const send = (target: string, headers = {}) => server.send({ method: 'POST', target, headers, body: '{}' });
    await server.refused(() => send('/file/my-bucket/c'), { status: 401, code: 'unauthorized' });
    const bad = { status: 401, code: 'bad_auth_token' } as const;
    await server.refused(() => send('/file/my-bucket/c', { Authorization: 'nonsense' }), bad);
    await server.refused(() => post('/file/my-bucket/c', 'nonsense'), { status: 400, code: 'bad_json' });
    await server.refused(() => post('/file/my-bucket/missing', '{}'), { status: 404, code: 'not_found' });
    const grant = { bucketId, fileNamePrefix: 'dir/', validDurationInSeconds: 60 };
    const { authorizationToken } = await server.ok('b2_get_download_authorization', grant);
    const query = `Authorization=${encodeURIComponent(authorizationToken)}`;
    expect(text(await send(`/file/my-bucket/dir/a+b?${query}`))).toBe('hello');
    await server.refused(() => send(`/file/my-bucket/c?${query}`), { status: 401, code: 'unauthorized' });
  });
});

describe('overrides', () => {
  const disposition = (length: number) => `attachment; filename=${'x'.repeat(length)}`;
  const byName = (name: string, length: number) =>
    `/file/my-bucket/${name}?b2ContentDisposition=${encodeURIComponent(disposition(length))}`;

  it('may take the headers of a file to 7,000 bytes, to 2,048 where it is encrypted or its bucket has a lock', async () => {
    const { server, bucketId } = await scene();
    const info = { 'X-Bz-Info-a': 'y'.repeat(1_000) };
    await server.upload(bucketId, 'plain', 'x', { headers: { 'X-Bz-Info-a': 'y'.repeat(5_000) } });
    await server.upload(bucketId, 'b2', 'x', { headers: { ...info, ...sseB2Headers } });
    const locked = await server.createBucket('bucket-l', { fileLockEnabled: true });
    await server.upload(locked, 'locked', 'x', { headers: info });
    for (const [path, limit, used] of [
      [(length: number) => byName('plain', length), 7_000, 'X-Bz-File-Nameplain'.length + 'X-Bz-Info-a'.length + 5_000],
      [(length: number) => byName('b2', length), 2_048, 'X-Bz-File-Nameb2'.length + 'X-Bz-Info-a'.length + 1_000],
      [
        (length: number) => byName('locked', length).replace('my-bucket', 'bucket-l'),
        2_048,
        'X-Bz-File-Namelocked'.length + 'X-Bz-Info-a'.length + 1_000,
      ],
    ] as const) {
      const room = limit - used - 'Content-Disposition'.length - disposition(0).length;
      const read = await server.download(path(room));
      expect([read.status, read.headers.get('content-disposition')]).toEqual([200, disposition(room)]);
      const message = `File name, file info and the headers asked for must be no more than ${limit} bytes together`;
      const over = { status: 400, code: 'bad_request', message } as const;
      await server.refused(() => server.download(path(room + 1)), over);
      expect((await server.download(path(room + 1), { head: true })).status).toBe(400);
    }
  });

  it('count in place of the file info that they override, and in JSON too', async () => {
    const { server, bucketId } = await scene();
    const headers = { ...sseB2Headers, 'X-Bz-Info-b2-content-disposition': encodeURIComponent(disposition(1_500)) };
    const { fileId } = (await server.upload(bucketId, 'own', 'x', { headers })).json;
    expect((await server.download(byName('own', 1_900))).status).toBe(200);
    const post = (b2ContentType: string) => server.call('b2_download_file_by_id', { fileId, b2ContentType });
    expect((await post('image/png')).status).toBe(200);
    await server.refused(() => post(`image/${'x'.repeat(900)}`), { status: 400, code: 'bad_request' });
  });
});
