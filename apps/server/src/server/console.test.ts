import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ConfigInput } from '../config/settings.ts';
import {
  authorize,
  call,
  customerKeyHeaders,
  readAll,
  uploadHeaders,
  type Answer,
  type Session,
} from '../test-support/b2-calls.ts';
import { consolePlace, page } from '../test-support/console-place.ts';
import { collectLog, testConfig, testPlaces } from '../test-support/temporary-place.ts';
import { version } from '../own-package.ts';
import type { RunningServer } from './running-server.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);

interface Place {
  readonly server: RunningServer;
  /** The address of the console. */
  readonly url: string;
  readonly session: Session;
  readonly log: () => string;
}

async function place(input: ConfigInput = {}): Promise<Place> {
  const root = await temporaryDirectory();
  const log = collectLog();
  const server = await start(testConfig(root, { consoleListen: '127.0.0.1:0', ...input }), {
    consoleFiles: await consolePlace(root),
    logDestination: log,
  });
  const ca = server.certificateFile && (await readFile(server.certificateFile, 'utf8'));
  const url = server.urls.console!;
  const secret = server.masterKey!.expose((text) => text);
  const session = await authorize(server.urls.http!, server.masterKeyId, secret, ca);
  return { server, url, session, log: log.text };
}

const json = ({ bytes }: Answer) => JSON.parse(bytes.toString()) as Record<string, unknown>;

function own({ url, session }: Place, name: string, fields: object = {}): Promise<Answer> {
  const headers = { Authorization: session.token };
  return call(`${url}/cofferapi/v1/${name}`, { method: 'POST', headers, body: JSON.stringify(fields) });
}

/** What the console's address tells a client that reached it under the name `host`. */
async function urlsFor({ server, url }: Place, host: string): Promise<unknown> {
  const secret = server.masterKey!.expose((text) => text);
  const Authorization = `Basic ${Buffer.from(`${server.masterKeyId}:${secret}`).toString('base64')}`;
  const answer = await call(`${url}/b2api/v4/b2_authorize_account`, { headers: { Authorization, Host: host } });
  return (json(answer)['apiInfo'] as { storageApi: unknown }).storageApi;
}

describe('the listener of the console', () => {
  it('answers pages, the B2 Native API and its own operations, and nothing of S3', async () => {
    const it = await place();
    expect((await call(`${it.url}/buckets/one`)).bytes.toString()).toBe(page);
    expect(json(await own(it, 'coffer_get_console'))).toEqual({
      version,
      encryptedDownloads: false,
      snapshots: true,
      s3Region: 'us-east-1',
    });
    const bucketId = await it.session.createBucket('my-bucket');
    const headers = { Authorization: it.session.token };
    const body = JSON.stringify({ accountId: it.session.accountId });
    const listed = await call(`${it.url}/b2api/v4/b2_list_buckets`, { method: 'POST', headers, body });
    expect(json(listed)['buckets']).toMatchObject([{ bucketId }]);
    const s3 = await call(`${it.url}/my-bucket?list-type=2`, { headers: { Host: 'my-bucket.localhost' } });
    expect(s3.bytes.toString()).toBe(page);
    expect((await call(`${it.url}/my-bucket`, { method: 'PUT' })).status).toBe(405);
  });

  it.each([
    [{ s3Region: 'eu-central-7' }, 'eu-central-7'],
    [{ s3: false }, null],
  ])('tells the region that clients of S3 sign for: %o', async (settings, s3Region) => {
    expect(json(await own(await place(settings), 'coffer_get_console'))).toMatchObject({ s3Region });
  });

  it.each([
    [false, 404, 'application/json;charset=utf-8'],
    // With S3, the path is that of an object, and the token is no signature.
    [true, 400, 'application/xml'],
  ])('is the only one that answers its operations (S3: %s)', async (s3, status, type) => {
    const it = await place({ s3 });
    const answer = await call(`${it.server.urls.http!}/cofferapi/v1/coffer_get_console`, {
      headers: { Authorization: it.session.token },
    });
    expect([answer.status, answer.headers['content-type']]).toEqual([status, type]);
    expect(answer.bytes.toString()).not.toContain(version);
  });

  it('tells clients the addresses of the listeners that are for them', async () => {
    const it = await place();
    const { port } = new URL(it.server.urls.http!);
    const expected = (origin: string) => ({ apiUrl: origin, downloadUrl: origin, s3ApiUrl: origin });
    expect(await urlsFor(it, 'files.example:8922')).toMatchObject(expected(`http://files.example:${port}`));
    expect(await urlsFor(it, '[::1]:8922')).toMatchObject(expected(`http://[::1]:${port}`));
    expect(await urlsFor(it, 'no host "><script>')).toMatchObject(expected(it.server.urls.http!));
    const bucketId = await it.session.createBucket('my-bucket');
    const headers = { Authorization: it.session.token, Host: 'files.example' };
    const target = await call(`${it.url}/b2api/v4/b2_get_upload_url?bucketId=${bucketId}`, { headers });
    expect(String(json(target)['uploadUrl'])).toContain(`http://files.example:${port}/b2api/v4/b2_upload_file/`);
    const proxied = await place({ publicUrl: 'https://b2.example.org' });
    expect(await urlsFor(proxied, 'files.example:8922')).toMatchObject(expected('https://b2.example.org'));
  });

  it('takes uploads, and lets one finish when the server stops', async () => {
    const it = await place();
    const data = randomBytes(300_000);
    const target = await it.session.api('b2_get_upload_url', { bucketId: await it.session.createBucket('my-bucket') });
    const uploadUrl = `${it.url}${new URL(String(target['uploadUrl'])).pathname}`;
    const headers = { ...uploadHeaders(String(target['authorizationToken']), 'name', data), Expect: '100-continue' };
    const upload = request(uploadUrl, { method: 'POST', headers });
    upload.flushHeaders();
    await once(upload, 'continue');
    upload.write(data.subarray(0, 1_000));
    const closed = it.server.close();
    await expect(call(it.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    upload.end(data.subarray(1_000));
    const [response] = (await once(upload, 'response')) as [IncomingMessage];
    await readAll(response);
    expect([response.statusCode, response.headers.connection]).toEqual([200, 'close']);
    await closed;
  });

  it('is HTTPS where TLS is on, with the same certificate, also after a reload', async () => {
    const it = await place({ devTls: true, httpsListen: '127.0.0.1:0' });
    expect(it.url).toMatch(/^https:/);
    const ca = await readFile(it.server.certificateFile!, 'utf8');
    expect((await call(it.url, { ca })).status).toBe(200);
    await it.server.reload();
    expect((await call(it.url, { ca })).status).toBe(200);
  });

  it('is logged and counted as the others', async () => {
    const it = await place({ logLevel: 'info', adminListen: '127.0.0.1:0' });
    await call(`${it.url}/assets/none.js`);
    await own(it, 'coffer_get_console');
    const lines = it
      .log()
      .split('\n')
      .filter((line) => /console_file 404|coffer_get_console 200/.test(line));
    expect(lines).toHaveLength(2);
    const metrics = (await call(`${it.server.urls.admin!}/metrics`)).bytes.toString();
    expect(metrics).toContain('coffer_requests_total{operation="console_file",status="404",code=""} 1');
    expect(metrics).toContain('coffer_requests_total{operation="coffer_get_console",status="200",code=""} 1');
    expect(metrics).toContain('coffer_requests_active 0');
  });

  it('slows down those who guess, together with the other listeners', async () => {
    const it = await place({ logLevel: 'warn' });
    const guess = (url: string) => call(`${url}/b2api/v4/b2_list_keys`, { headers: { Authorization: 'guess' } });
    for (const url of [it.url, it.server.urls.http!, it.url]) await guess(url);
    // One address is logged once a minute, whichever listener it uses.
    expect(it.log().match(/a key or token was refused/g)).toHaveLength(1);
  });
});

describe('encrypted files at the console', () => {
  const key = randomBytes(32);
  const data = Buffer.from('what is encrypted');

  async function stored(it: Place): Promise<void> {
    const bucketId = await it.session.createBucket('my-bucket');
    await it.session.upload(bucketId, 'plain', data);
    await it.session.upload(bucketId, 'server', data, { 'X-Bz-Server-Side-Encryption': 'AES256' });
    await it.session.upload(bucketId, 'customer', data, customerKeyHeaders(key));
  }

  const get = (it: Place, name: string, method: string, headers = {}) =>
    call(`${it.url}/file/my-bucket/${name}`, { method, headers: { Authorization: it.session.token, ...headers } });

  it('are not handed out, with a sentence that says what to do', async () => {
    const it = await place();
    await stored(it);
    expect((await get(it, 'plain', 'GET')).bytes.equals(data)).toBe(true);
    for (const [name, headers] of [
      ['server', {}],
      ['customer', {}],
      ['customer', customerKeyHeaders(key)],
    ] as const) {
      const refused = await get(it, name, 'GET', headers);
      expect([refused.status, json(refused)['code']]).toEqual([403, 'access_denied']);
      expect(json(refused)['message']).toMatch(/b2 command-line tool, .*--console-encrypted-downloads/);
      expect((await get(it, name, 'GET', { ...headers, Range: 'bytes=0-1' })).status).toBe(403);
    }
    expect((await get(it, 'server', 'HEAD')).status).toBe(200);
    expect((await get(it, 'customer', 'HEAD', customerKeyHeaders(key))).status).toBe(200);
    const elsewhere = await it.session.download('my-bucket', 'server');
    expect(elsewhere.bytes.equals(data)).toBe(true);
  });

  it('are handed out where the operator allows it', async () => {
    const it = await place({ consoleEncryptedDownloads: true });
    await stored(it);
    expect(json(await own(it, 'coffer_get_console'))).toMatchObject({ encryptedDownloads: true });
    expect((await get(it, 'server', 'GET')).bytes.equals(data)).toBe(true);
    expect((await get(it, 'customer', 'GET', customerKeyHeaders(key))).bytes.equals(data)).toBe(true);
    expect((await get(it, 'customer', 'GET')).status).toBe(400);
  });
});

describe('a server that cannot serve the console', () => {
  it('does not start where the operator asked for it', async () => {
    const root = await temporaryDirectory();
    const config = testConfig(root, { consoleListen: '127.0.0.1:0' });
    const nowhere = { consoleFiles: join(root, 'nowhere') };
    await expect(start(config, nowhere)).rejects.toThrow(/The web console cannot be served: this server was built/);
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const address = `127.0.0.1:${(taken.address() as AddressInfo).port}`;
    const files = { consoleFiles: await consolePlace(root) };
    const refused = start(testConfig(root, { consoleListen: address }), files);
    await expect(refused).rejects.toThrow(
      `another program listens there already. Stop that program, or choose another`,
    );
    await expect(start(testConfig(root, { consoleListen: address }), files)).rejects.toThrow(/--console-listen/);
  });

  it('says so in its log and goes on, where it is on by default', async () => {
    const root = await temporaryDirectory();
    const log = collectLog();
    const config = testConfig(root, { consoleListen: undefined });
    const server = await start(config, { consoleFiles: join(root, 'nowhere'), logDestination: log });
    expect(server.urls.console).toBeUndefined();
    expect(log.text()).toContain('The web console cannot be served');
  });
});
