import { randomBytes } from 'node:crypto';
import { readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { liveArrayBuffers } from '@coffer/storage-testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ConfigInput } from '../config/settings.ts';
import { authorize, call, customerKeyHeaders, uploadHeaders, type Session } from '../test-support/b2-calls.ts';
import { RawConnection } from '../test-support/raw-connection.ts';
import { collectLog, testConfig, testPlaces } from '../test-support/temporary-place.ts';
import type { NetworkLimits } from './limits.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);
const mebibyte = 2 ** 20;

interface Place {
  readonly url: string;
  readonly admin: string;
  readonly data: string;
  readonly session: Session;
  readonly bucketId: string;
  readonly log: () => string;
}

async function place(limits: Partial<NetworkLimits> = {}, input: ConfigInput = {}): Promise<Place> {
  const config = testConfig(await temporaryDirectory(), { adminListen: '127.0.0.1:0', ...input });
  const log = collectLog();
  const server = await start(config, { limits, logDestination: log });
  const { urls, masterKeyId, masterKey } = server;
  const url = urls.http!;
  const session = await authorize(
    url,
    masterKeyId,
    masterKey!.expose((text) => text),
  );
  const bucketId = await session.createBucket('my-bucket');
  return { url, admin: urls.admin!, data: config.data, session, bucketId, log: log.text };
}

async function open({ url }: Place): Promise<RawConnection> {
  const connection = await RawConnection.open(url);
  onTestFinished(() => {
    connection.destroy();
  });
  return connection;
}

async function uploadUrl({ session, bucketId }: Place): Promise<{ readonly path: string; readonly token: string }> {
  const target = await session.api('b2_get_upload_url', { bucketId });
  return { path: new URL(String(target['uploadUrl'])).pathname, token: String(target['authorizationToken']) };
}

/** Files of the store that this process has open. */
async function openFiles(folder: string): Promise<number> {
  const names = await readdir('/proc/self/fd');
  const targets = await Promise.all(names.map((name) => readlink(join('/proc/self/fd', name)).catch(() => '')));
  return targets.filter((target) => target.startsWith(folder)).length;
}

describe('a head', () => {
  it('of more than 32 KiB is refused', async () => {
    const connection = await open(await place());
    connection.head('GET /', { 'X-Long': 'x'.repeat(33 * 1024) });
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1.1 431 /);
  });

  it.each([
    ['SSE-B2', { 'X-Bz-Server-Side-Encryption': 'AES256' }],
    ['SSE-C', customerKeyHeaders(Buffer.alloc(32, 7))],
  ])('with 2,000 lines before those of %s still asks for it', async (mode, sse) => {
    const there = await place();
    const { path, token } = await uploadUrl(there);
    const connection = await open(there);
    const lines = (fields: Record<string, string>) => Object.entries(fields).map((pair) => pair.join(': '));
    const head = [
      `POST ${path} HTTP/1.1`,
      'Host: h',
      ...Array.from({ length: 2_000 }, () => 'A: b'),
      ...lines(uploadHeaders(token, 'name', Buffer.from('content'))),
      ...lines(sse),
      'Connection: close',
    ];
    connection.send(`${head.join('\r\n')}\r\n\r\ncontent`);
    const answer = await connection.untilClosed();
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect(answer).toContain(`"mode":"${mode}"`);
  });

  it.each([
    ['many short lines', 'A:\r\n'.repeat(10_000)],
    ['one long line', `A: ${'b'.repeat(33_000)}\r\n`],
  ])('of more than 32 KiB in %s is refused', async (_, lines) => {
    const connection = await open(await place());
    connection.send(`GET / HTTP/1.1\r\nHost: h\r\n${lines}\r\n`);
    expect((await connection.read().untilAnswered()).startsWith('HTTP/1.1 431 ')).toBe(true);
  });

  it.each([
    ['two hosts', 'GET /file/a/b HTTP/1.1\r\nHost: one\r\nHost: two\r\n\r\n'],
    ['a target that names another host', 'GET http://one/file/a/b HTTP/1.1\r\nHost: two\r\n\r\n'],
  ])('with %s is refused', async (_, text) => {
    const connection = await open(await place());
    connection.send(text);
    expect(await connection.untilAnswered()).toMatch(/^HTTP\/1.1 400 /);
  });

  it('that does not come, or comes drop by drop, ends the connection', async () => {
    const there = await place({ headersTimeoutMs: 300, headersCheckMs: 50 });
    const silent = await open(there);
    // Reads from the beginning: writing to a connection that the server has closed drops what was not read.
    const dripping = (await open(there)).read();
    dripping.send('GET / HTTP/1.1\r\nHost: h\r\nX-');
    const drip = setInterval(() => {
      dripping.send('x');
    }, 20);
    onTestFinished(() => {
      clearInterval(drip);
    });
    expect(await silent.untilClosed()).toMatch(/^HTTP\/1.1 408 /);
    expect(await dripping.untilClosed()).toMatch(/^HTTP\/1.1 408 /);
  });
});

describe('a body', () => {
  it('of JSON beyond 1 MiB is refused, declared or not', async () => {
    const there = await place();
    const headers = { Authorization: there.session.token };
    const declared = await open(there);
    declared.head('POST /b2api/v4/b2_list_buckets', { ...headers, 'Content-Length': String(mebibyte + 1) });
    expect(await declared.untilClosed()).toMatch(/^HTTP\/1.1 400 [^]*longer than 1048576 bytes/);
    const chunked = await open(there);
    chunked.head('POST /b2api/v4/b2_list_buckets', { ...headers, 'Transfer-Encoding': 'chunked' });
    for (let i = 0; i < 5; i++) chunked.send(`40000\r\n${' '.repeat(0x40000)}\r\n`);
    expect(await chunked.untilClosed()).toMatch(/^HTTP\/1.1 400 [^]*longer than 1048576 bytes/);
  });

  it('of JSON that comes byte by byte ends the connection', async () => {
    const there = await place({ jsonTimeoutMs: 300 });
    const connection = (await open(there)).read();
    const headers = { Authorization: there.session.token, 'Content-Length': '1000' };
    connection.head('POST /b2api/v4/b2_list_buckets', headers);
    const drip = setInterval(() => {
      connection.send(' ');
    }, 20);
    onTestFinished(() => {
      clearInterval(drip);
    });
    expect(await connection.untilAnswered()).toMatch(/^HTTP\/1.1 408 [^]*request_timeout/);
  });

  it.each(['b2_list_buckets', 'b2_download_file_by_id', 'b2_download_file_by_name'])(
    'of %s is not waited for where the token does not hold, nor is its rest for ever',
    async (operation) => {
      const there = await place({ drainTimeoutMs: 300 });
      const connection = (await open(there)).read();
      connection.head(`POST /b2api/v4/${operation}`, { Authorization: 'no-token', 'Content-Length': '1000' });
      expect(await connection.untilAnswered()).toMatch(/^HTTP\/1.1 401 [^]*bad_auth_token/);
      const drip = setInterval(() => {
        connection.send(' ');
      }, 20);
      onTestFinished(() => {
        clearInterval(drip);
      });
      await connection.untilClosed();
    },
  );

  it('of an upload beyond 5 GiB is refused before it is sent', async () => {
    const there = await place();
    const { path, token } = await uploadUrl(there);
    const connection = await open(there);
    const headers = uploadHeaders(token, 'name', new Uint8Array());
    connection.head(`POST ${path}`, { ...headers, 'Content-Length': String(5 * 1024 ** 3 + 1) });
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1.1 400 [^]*no more than 5368709120 bytes/);
  });

  it('that stalls ends the upload, and nothing of it is kept', async () => {
    const there = await place({ bodyTimeoutMs: 3_000 });
    const { path, token } = await uploadUrl(there);
    const connection = await open(there);
    connection.head(`POST ${path}`, {
      ...uploadHeaders(token, 'name', new Uint8Array()),
      'Content-Length': '100000000',
    });
    connection.send(randomBytes(mebibyte));
    await expect.poll(() => openFiles(join(there.data, 'blobs'))).toBe(1);
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1.1 408 [^]*request_timeout/);
    await expect.poll(() => openFiles(join(there.data, 'blobs'))).toBe(0);
    expect(await readdir(join(there.data, 'blobs', 'tmp'))).toEqual([]);
  });
});

it('a client that stops reading holds little memory, then loses its connection, and others are served', async () => {
  const there = await place({ answerTimeoutMs: 4_000 });
  const { session, bucketId, data } = there;
  const size = 32 * mebibyte;
  const unread = 8;
  expect((await session.upload(bucketId, 'large', randomBytes(size))).status).toBe(200);
  expect((await session.upload(bucketId, 'small', Buffer.from('for others'))).status).toBe(200);
  const live = liveArrayBuffers();
  const before = live();
  for (let i = 0; i < unread; i++)
    (await open(there)).head('GET /file/my-bucket/large', { Authorization: session.token });
  await expect.poll(() => openFiles(join(data, 'blobs'))).toBe(unread);
  expect((await session.download('my-bucket', 'small')).bytes.toString()).toBe('for others');
  let peak = 0;
  const stillOpen = () => {
    peak = Math.max(peak, live() - before);
    return openFiles(join(data, 'blobs'));
  };
  await expect.poll(stillOpen, { interval: 200 }).toBe(0);
  // All of their files together would be 256 MiB.
  expect(peak).toBeLessThan(unread * 2 * mebibyte);
  await expect.poll(() => there.log().match(/cut short/g)?.length).toBe(unread);
});

it('connections beyond the limit are closed, those that are there go on, and the operator is told', async () => {
  const maxConnections = 6;
  const there = await place({}, { maxConnections });
  const { session, log } = there;
  const get = () => ['GET /file/my-bucket/missing', { Authorization: session.token }] as const;
  const answers = (connection: RawConnection) => connection.received.split('HTTP/1.1 404').length - 1;
  const first = (await open(there)).read();
  first.head(...get());
  await expect.poll(() => answers(first)).toBe(1);

  const flood = await Promise.all(Array.from({ length: 50 }, async () => (await open(there)).read()));
  const closed = () => flood.filter((connection) => connection.closed).length;
  await expect.poll(closed).toBeGreaterThanOrEqual(50 - maxConnections + 1);
  first.head(...get());
  await expect.poll(() => answers(first)).toBe(2);
  const metrics = (await call(`${there.admin}/metrics`)).bytes.toString();
  expect(Number(/^coffer_connections_refused_total (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThanOrEqual(45);
  expect(log().match(/too many connections/g)).toHaveLength(1);

  for (const connection of flood) connection.destroy();
  await expect.poll(() => session.api('b2_get_upload_url', { bucketId: there.bucketId })).toHaveProperty('uploadUrl');
});

it('one address has a share of the connections, and a client behind a trusted proxy is not bound to the proxy’s', async () => {
  const maxConnectionsPerAddress = 3;
  const there = await place({}, { maxConnectionsPerAddress });
  const held = await Promise.all(
    Array.from({ length: maxConnectionsPerAddress }, async () => (await open(there)).read()),
  );
  for (const connection of held) connection.head('GET /file/my-bucket/missing');
  await Promise.all(held.map((connection) => connection.untilAnswered()));
  await (await open(there)).untilClosed();
  expect(there.log()).toContain('"peer":"127.0.0.1","maxConnectionsPerAddress":3');
  held[0]!.destroy();
  await expect
    .poll(async () => (await call(`${there.url}/file/my-bucket/missing`).catch(() => undefined))?.status)
    .toBe(401);

  const behind = await place({}, { maxConnectionsPerAddress, trustedProxy: ['127.0.0.0/8'] });
  const many = await Promise.all(Array.from({ length: 10 }, () => open(behind)));
  for (const connection of many) connection.head('GET /file/my-bucket/missing', { 'X-Forwarded-For': '192.0.2.1' });
  const answers = await Promise.all(many.map((connection) => connection.untilAnswered()));
  for (const answer of answers) expect(answer).toMatch(/^HTTP\/1.1 401 /);
});

it('keys and tokens that do not hold are counted, logged once, and slowed down; who holds one is served meanwhile', async () => {
  const there = await place();
  const guess = (token: string) => call(`${there.url}/file/my-bucket/a`, { headers: { Authorization: token } });
  const answers = await Promise.all(Array.from({ length: 14 }, (_, i) => guess(`guess-${i}`)));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 14 }, () => 401));
  const metrics = (await call(`${there.admin}/metrics`)).bytes.toString();
  expect(metrics).toContain('coffer_authorizations_refused_total{reason="token_invalid"} 14\n');
  expect(there.log().match(/a key or token was refused/g)).toHaveLength(1);
  expect((await there.session.api('b2_list_buckets', { accountId: there.session.accountId }))['buckets']).toHaveLength(
    1,
  );
});

describe('the log', () => {
  it.each(['info', 'debug'] as const)('says at level %s who did what to which bucket, from where', async (logLevel) => {
    const there = await place({}, { logLevel, trustedProxy: ['127.0.0.1'] });
    const { session, bucketId, log } = there;
    await session.upload(bucketId, 'a', Buffer.from('x'));
    const forwarded = { Forwarded: 'for=192.0.2.1;proto=https', Authorization: session.token };
    const answer = await call(`${there.url}/file/my-bucket/a`, { headers: forwarded });
    const lines = log()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const requests = lines.filter(({ operation }) => operation !== undefined);
    const operations = ['b2_authorize_account', 'b2_create_bucket', 'b2_get_upload_url', 'b2_upload_file'];
    expect(requests.map(({ operation }) => operation)).toEqual([...operations, 'b2_download_file_by_name']);
    expect(requests.map((line) => line['keyId'])).toEqual(Array.from({ length: 5 }, () => session.accountId));
    expect(requests.map((line) => line['bucketId'])).toEqual([null, ...Array.from({ length: 4 }, () => bucketId)]);
    expect(requests.map(({ peer }) => peer)).toEqual([...Array.from({ length: 4 }, () => '127.0.0.1'), '192.0.2.1']);
    expect(requests.at(-1)).toMatchObject({ requestId: answer.headers['x-bz-request-id'], level: 'info' });
  });
});

it.each([
  ['SSE-B2', { 'X-Bz-Server-Side-Encryption': 'AES256' }, {}],
  ['SSE-C', customerKeyHeaders(Buffer.alloc(32, 7)), customerKeyHeaders(Buffer.alloc(32, 7))],
])(
  'a damaged %s file is answered with 500 as JSON, whole or in part, with one error line and one count',
  async (_, write, read) => {
    const there = await place();
    const { session, bucketId, data, log } = there;
    const content = randomBytes(200_000);
    expect((await session.upload(bucketId, 'a', content, write)).status).toBe(200);
    const files = await readdir(join(data, 'blobs'), { recursive: true, withFileTypes: true });
    const blob = files.find((entry) => entry.isFile() && /^[0-9a-f]{20,}/.test(entry.name))!;
    const path = join(blob.parentPath, blob.name);
    const bytes = await readFile(path);
    for (let at = 100; at < bytes.length; at += 1_000) bytes[at]! ^= 1;
    await writeFile(path, bytes);
    const errors = async () => {
      const metrics = (await call(`${there.admin}/metrics`)).bytes.toString();
      const counted = /^coffer_errors_total\{code="integrity"\} (\d+)$/m.exec(metrics)?.[1] ?? '0';
      return [Number(counted), log().match(/"level":"error"/g)?.length ?? 0];
    };
    for (const [index, range] of [{}, { Range: 'bytes=50000-50010' }].entries()) {
      const answer = await session.download('my-bucket', 'a', { ...read, ...range });
      expect(answer.status).toBe(500);
      const body = JSON.parse(answer.bytes.toString()) as Record<string, unknown>;
      expect(body).toMatchObject({ status: 500, code: 'internal_error' });
      expect(body['message']).toContain(answer.headers['x-bz-request-id']);
      expect(await errors()).toEqual([index + 1, index + 1]);
      expect(log()).toMatch(new RegExp(`"level":"error".*"requestId":"${String(answer.headers['x-bz-request-id'])}"`));
    }
  },
);
