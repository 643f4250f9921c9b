import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { assertNoLeak, assertNoLeakInDirectory } from '@coffer/storage-testkit';
import { SecretString } from '@coffer/bytes';
import { describe, expect, it, onTestFinished } from 'vitest';
import { authorize, call, customerKeyHeaders, uploadHeaders, type Session } from '../test-support/b2-calls.ts';
import { collectLog, testConfig, testPlaces } from '../test-support/temporary-place.ts';
import type { RunningServer } from './running-server.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);

const sseB2 = { 'X-Bz-Server-Side-Encryption': 'AES256' };

function secretOf(server: RunningServer): string {
  return server.masterKey!.expose((text) => text);
}

async function readAndCompare(session: Session, files: Record<string, Buffer>, key: Uint8Array): Promise<void> {
  for (const [name, data] of Object.entries(files)) {
    const headers = name === 'sse-c' ? customerKeyHeaders(key) : {};
    const answer = await session.download('my-bucket', name, headers);
    expect([name, answer.status]).toEqual([name, 200]);
    expect(answer.bytes.equals(data)).toBe(true);
  }
}

describe.each(['http', 'https'] as const)('over %s', (scheme) => {
  it('stores under SSE-B2 and SSE-C, reads back after a restart, and leaves no secret behind', async () => {
    const root = await temporaryDirectory();
    const secure = { devTls: true, httpsListen: '127.0.0.1:0', listen: 'off' };
    const config = testConfig(root, { logLevel: 'debug', ...(scheme === 'https' && secure) });
    const log = collectLog();
    const customerKey = randomBytes(32);
    // Larger and smaller than what is kept in the metadata.
    const files = {
      'sse-b2': randomBytes(200_000),
      'sse-c': randomBytes(150_000),
      small: Buffer.from('a small secret text'),
    };

    const first = await start(config, { logDestination: log });
    const secret = secretOf(first);
    const ca = first.certificateFile && (await readFile(first.certificateFile, 'utf8'));
    const session = await authorize(first.urls[scheme]!, first.masterKeyId, secret, ca);
    expect(session.apiUrl).toBe(first.urls[scheme]);
    const bucketId = await session.createBucket('my-bucket');
    for (const [name, data] of Object.entries(files)) {
      const headers = name === 'sse-c' ? customerKeyHeaders(customerKey) : sseB2;
      const answer = await session.upload(bucketId, name, data, headers);
      expect([name, answer.status, answer.bytes.toString()]).toEqual([name, 200, answer.bytes.toString()]);
    }
    await readAndCompare(session, files, customerKey);
    expect((await session.download('my-bucket', 'sse-c')).status).toBe(400);
    expect((await session.download('my-bucket', 'sse-c', customerKeyHeaders(randomBytes(32)))).status).toBe(403);
    await first.close();

    const second = await start(config, { logDestination: log });
    expect(second.masterKey).toBeUndefined();
    expect(second.masterKeyId).toBe(first.masterKeyId);
    const again = await authorize(second.urls[scheme]!, first.masterKeyId, secret, ca);
    await readAndCompare(again, files, customerKey);
    await second.close();

    const rootKey = Buffer.from((await readFile(`${config.keys}/root.key`, 'utf8')).trim(), 'hex');
    expect(rootKey).toHaveLength(32);
    const secrets = { 'master key': Buffer.from(secret), ...files, 'token of the account': Buffer.from(session.token) };
    assertNoLeak({ secrets, keys: { customerKey, rootKey } }, { log: log.text() });
    await assertNoLeakInDirectory({ secrets, keys: { customerKey, rootKey } }, config.data);
    expect(log.text()).toContain('"b2_upload_file 200"');
  });
});

it('answers fetch, with the Date header and under every name that the client uses', async () => {
  const server = await start(testConfig(await temporaryDirectory()));
  const credentials = Buffer.from(`${server.masterKeyId}:${secretOf(server)}`).toString('base64');
  const headers = { Authorization: `Basic ${credentials}` };
  const target = `${server.urls.http!}/b2api/v4/b2_authorize_account`;
  const shown = (url: string) => ({
    apiInfo: { storageApi: { apiUrl: url, downloadUrl: url, recommendedPartSize: 100_000_000 } },
  });
  const response = await fetch(target, { headers });
  expect(response.status).toBe(200);
  expect(response.headers.get('date')).not.toBeNull();
  expect(await response.json()).toMatchObject(shown(server.urls.http!));
  // As a client sends it that was given the name; what that resolves to, and in which order, is the machine's affair.
  const host = new URL(target.replace('127.0.0.1', 'localhost')).host;
  const named = await call(target, { headers: { ...headers, Host: host } });
  expect(JSON.parse(named.bytes.toString())).toMatchObject(shown(`http://${host}`));
});

it('listens for plain HTTP and HTTPS at once, and tells each client the scheme it uses', async () => {
  const config = testConfig(await temporaryDirectory(), { devTls: true, httpsListen: '127.0.0.1:0' });
  const server = await start(config);
  const ca = await readFile(server.certificateFile!, 'utf8');
  const plain = await authorize(server.urls.http!, server.masterKeyId, secretOf(server));
  const secure = await authorize(server.urls.https!, server.masterKeyId, secretOf(server), ca);
  expect([plain.apiUrl, secure.apiUrl]).toEqual([server.urls.http, server.urls.https]);
});

it('uses the part sizes, the encryption default and the public URL that are configured', async () => {
  const config = testConfig(await temporaryDirectory(), {
    minimumPartSize: 200,
    recommendedPartSize: 300,
    encryptByDefault: true,
    publicUrl: 'https://b2.example.org',
  });
  const server = await start(config);
  const basic = Buffer.from(`${server.masterKeyId}:${secretOf(server)}`).toString('base64');
  const answer = await call(`${server.urls.http!}/b2api/v2/b2_authorize_account`, {
    headers: { Authorization: `Basic ${basic}` },
  });
  expect(JSON.parse(answer.bytes.toString())).toMatchObject({
    absoluteMinimumPartSize: 200,
    recommendedPartSize: 300,
    apiUrl: 'https://b2.example.org',
  });
});

it('fails on purpose in test mode only', async () => {
  const statuses = async (input: Parameters<typeof testConfig>[1], fault?: string) => {
    const server = await start(testConfig(await temporaryDirectory(), input));
    const session = await authorize(server.urls.http!, server.masterKeyId, secretOf(server));
    const bucketId = await session.createBucket('my-bucket');
    const headers: Record<string, string> = fault === undefined ? {} : { 'X-Bz-Test-Mode': fault };
    return (await session.upload(bucketId, 'a', Buffer.from('x'), headers)).status;
  };
  expect(await statuses({}, 'force_cap_exceeded')).toBe(200);
  expect(await statuses({ testMode: true })).toBe(200);
  expect(await statuses({ testMode: true }, 'force_cap_exceeded')).toBe(403);
  expect(await statuses({ testMode: true, testLatencyMs: 1, testUploadFailureRate: 1 })).toBe(503);
});

it('takes a master key that is given, on the first and on later starts', async () => {
  const root = await temporaryDirectory();
  for (const given of ['K001first-given-key', 'K001another-given-key']) {
    const server = await start({ ...testConfig(root), masterKey: SecretString.of(given) });
    expect((await authorize(server.urls.http!, server.masterKeyId, given)).apiUrl).toBe(server.urls.http);
    await server.close();
  }
});

it('ends what was authorized under a master key whose secret is replaced', async () => {
  const root = await temporaryDirectory();
  const first = await start({ ...testConfig(root), masterKey: SecretString.of('K001-old') });
  const session = await authorize(first.urls.http!, first.masterKeyId, 'K001-old');
  const bucketId = await session.createBucket('my-bucket');
  const uploadUrl = await session.api('b2_get_upload_url', { bucketId });
  const validDurationInSeconds = 1_000;
  const download = await session.api('b2_get_download_authorization', {
    ...{ bucketId, fileNamePrefix: '', validDurationInSeconds },
  });
  await session.upload(bucketId, 'a', Buffer.from('x'));
  await first.close();

  const attempts = async (url: string): Promise<number[]> => {
    const data = Buffer.from('y');
    const uploaded = await call(new URL(new URL(String(uploadUrl['uploadUrl'])).pathname, url).href, {
      ...{ method: 'POST', body: data },
      headers: uploadHeaders(String(uploadUrl['authorizationToken']), 'b', data),
    });
    const downloadWith = (Authorization: string) => call(`${url}/file/my-bucket/a`, { headers: { Authorization } });
    const downloads = [await downloadWith(session.token), await downloadWith(String(download['authorizationToken']))];
    return [uploaded, ...downloads].map(({ status }) => status);
  };
  const unchanged = await start({ ...testConfig(root), masterKey: SecretString.of('K001-old') });
  expect(await attempts(unchanged.urls.http!)).toEqual([200, 200, 200]);
  await unchanged.close();
  const replaced = await start({ ...testConfig(root), masterKey: SecretString.of('K001-new') });
  expect(await attempts(replaced.urls.http!)).toEqual([401, 401, 401]);
  expect((await authorize(replaced.urls.http!, replaced.masterKeyId, 'K001-new')).apiUrl).toBe(replaced.urls.http);
});

it('shows readiness and figures to the operator only', async () => {
  const server = await start(testConfig(await temporaryDirectory(), { adminListen: '127.0.0.1:0' }));
  expect((await call(`${server.urls.admin!}/readyz`)).status).toBe(200);
  // There it is the name of a bucket, which nobody may read without a key.
  expect((await call(`${server.urls.http!}/metrics`)).status).toBe(403);
  const figures = (await call(`${server.urls.admin!}/metrics`)).bytes.toString();
  expect(figures).toContain('coffer_requests_total{operation="ListObjects",status="403",code="AccessDenied"} 1');
  expect(figures).toContain('nodejs_version_info');
});
