import { readFile } from 'node:fs/promises';
import { SecretString } from '@coffer/bytes';
import { signRequest } from '@coffer/sigv4';
import { expect, it, onTestFinished } from 'vitest';
import type { ConfigInput } from '../config/settings.ts';
import { call } from '../test-support/b2-calls.ts';
import { collectLog, testConfig, testPlaces } from '../test-support/temporary-place.ts';
import { createLocalFront } from './local-front.ts';
import type { MakeS3Handler } from './listeners.ts';
import type { RunningServer } from './running-server.ts';
import { startBehind, startServer } from './start-server.ts';

const { temporaryDirectory, start } = testPlaces(onTestFinished);

/** Answers every request with what it was asked for, and where it would send its client. */
const echo: MakeS3Handler = ({ context, origin }) => {
  return (request) => {
    context.tracker.finished();
    const text = `s3 ${request.method} ${request.target} ${origin(request)}`;
    return Promise.resolve({ status: 200, headers: [], body: new TextEncoder().encode(text) });
  };
};

async function startWithS3(input: ConfigInput): Promise<RunningServer> {
  const config = testConfig(await temporaryDirectory(), input);
  const options = { logDestination: collectLog(), environment: {} };
  const server = await startBehind(config, options, (context, opened) => createLocalFront(context, opened, echo));
  onTestFinished(() => server.close(0));
  return server;
}

async function said(url: string, headers: Record<string, string> = {}, ca?: string): Promise<string> {
  return (await call(url, { headers, ...(ca !== undefined && { ca }) })).bytes.toString();
}

async function s3ApiUrl(server: RunningServer, url = server.urls.http!, ca?: string): Promise<unknown> {
  const key = server.masterKey!.expose((text) => text);
  const Authorization = `Basic ${Buffer.from(`${server.masterKeyId}:${key}`).toString('base64')}`;
  const answer = JSON.parse(await said(`${url}/b2api/v2/b2_authorize_account`, { Authorization }, ca)) as object;
  return (answer as { s3ApiUrl?: unknown }).s3ApiUrl;
}

const notFound = '"code":"not_found"';

it('one listener serves both protocols', async () => {
  const server = await startWithS3({});
  const url = server.urls.http!;
  expect(server.urls.s3).toBeUndefined();
  expect(await said(`${url}/bucket/a%20b?x`)).toBe(`s3 GET /bucket/a%20b?x ${url}`);
  const { port } = new URL(url);
  const Host = `photos.localhost:${port}`;
  expect(await said(`${url}/file/a`, { Host })).toBe(`s3 GET /file/a http://localhost:${port}`);
  expect(await said(`${url}/file/bucket/a`)).toContain(notFound);
  expect(await said(`${url}/`, { Accept: 'text/html' })).toContain('<title>Coffer</title>');
  expect(await said(`${url}/`)).toContain(notFound);
  expect(await s3ApiUrl(server)).toBe(url);
  await server.close();
});

it('a listener apart serves S3 only, and the others B2 only', async () => {
  const server = await startWithS3({ s3Listen: '127.0.0.1:0' });
  const { http, s3 } = server.urls;
  expect(await said(`${http!}/bucket/key`)).toContain(notFound);
  for (const path of ['/', '/bucket/key', '/b2api/v4/b2_authorize_account', '/file/bucket/key'])
    expect(await said(`${s3!}${path}`)).toBe(`s3 GET ${path} ${s3!}`);
  expect(await s3ApiUrl(server)).toBe(s3);
  await server.close();
  await expect(call(s3!)).rejects.toThrow('ECONNREFUSED');
});

it('a listener apart is HTTPS where TLS is on', async () => {
  const server = await startWithS3({ s3Listen: '127.0.0.1:0', devTls: true, httpsListen: '127.0.0.1:0' });
  const ca = await readFile(server.certificateFile!, 'utf8');
  const { s3, https } = server.urls;
  expect(s3).toMatch(/^https:/);
  expect(await said(`${s3!}/bucket`, {}, ca)).toBe(`s3 GET /bucket ${s3!}`);
  expect(await s3ApiUrl(server, https, ca)).toBe(s3);
});

it('where S3 is off, every path is for B2', async () => {
  const server = await start(testConfig(await temporaryDirectory(), { s3: false }));
  expect(await said(`${server.urls.http!}/bucket/key`)).toContain(notFound);
  expect(await s3ApiUrl(server)).toBe(server.urls.http);
});

it('S3 is answered, with a key that a store in memory gets', async () => {
  const server = await startServer({ memory: true });
  onTestFinished(() => server.close(0));
  const { s3Key } = server;
  const url = server.urls.http!;
  expect(await said(`${url}/bucket/key`)).toContain('<Code>AccessDenied</Code>');
  const host = new URL(url).host;
  const { headers } = signRequest(
    { method: 'GET', target: '/', headers: [['Host', host]] },
    { accessKeyId: s3Key!.id, secret: s3Key!.secret, region: 'us-east-1', payload: { kind: 'unsigned' } },
  );
  expect(await said(`${url}/`, Object.fromEntries(headers))).toContain('<ListAllMyBucketsResult');
});

it('S3 takes the key that the operator chose', async () => {
  const secret = SecretString.of('a-secret-of-my-own-choice');
  const input = { s3KeyId: 'AKIDEXAMPLE0123456789', s3Key: secret };
  const server = await start(testConfig(await temporaryDirectory(), input));
  const { headers } = signRequest(
    { method: 'GET', target: '/', headers: [['Host', new URL(server.urls.http!).host]] },
    { accessKeyId: input.s3KeyId, secret, region: 'us-east-1', payload: { kind: 'unsigned' } },
  );
  expect(await said(`${server.urls.http!}/`, Object.fromEntries(headers))).toContain('<ListAllMyBucketsResult');
});
