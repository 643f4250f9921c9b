import { createHash } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { call } from '../test-support/b2-calls.ts';
import { testConfig, testPlaces } from '../test-support/temporary-place.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);

/** As browsers send it. */
const html = { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

it('tells a browser at / what this is, without secrets and without anything that runs', async () => {
  const server = await start(testConfig(await temporaryDirectory()));
  const { status, headers, bytes } = await call(`${server.urls.http!}/`, { headers: html });
  const page = bytes.toString();
  expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(page).toContain('<title>Coffer</title>');
  expect(page).toContain('b2 account authorize');
  expect(page).toContain('coffer keys show-s3');
  for (const secret of [server.masterKeyId, server.masterKey!.expose((text) => text)])
    expect(page).not.toContain(secret);
  expect(page).not.toMatch(/<script|\bon\w+=|src=|href=/);
});

it('leaves what is for S3 to S3', async () => {
  const server = await start(testConfig(await temporaryDirectory()));
  for (const [method, path, status] of [
    ['POST', '/', 405],
    ['GET', '/other', 403],
  ] as const) {
    const answer = await call(`${server.urls.http!}${path}`, { method, headers: html });
    expect([answer.status, answer.headers['content-type']]).toEqual([status, 'application/xml']);
  }
});

it('leaves every answer to programs as it is', async () => {
  const server = await start(testConfig(await temporaryDirectory(), { s3: false }));
  expect((await call(`${server.urls.http!}/`, { headers: html })).bytes.toString()).not.toContain('S3');
  const ask = async (path: string, method: string, headers: Record<string, string>) => {
    const { status, headers: answered, bytes } = await call(`${server.urls.http!}${path}`, { method, headers });
    return { status, type: answered['content-type'], digest: createHash('sha1').update(bytes).digest('hex') };
  };
  const notFound = await ask('/', 'GET', {});
  expect(notFound).toMatchObject({ status: 404, type: expect.stringContaining('application/json') as string });
  expect(await ask('/', 'GET', { Accept: '*/*' })).toEqual(notFound);
  expect(await ask('/', 'GET', { Accept: 'application/json' })).toEqual(notFound);
  expect(await ask('/', 'POST', html)).toEqual(notFound);
  expect(await ask('/other', 'GET', html)).toEqual(notFound);
  for (const path of ['/b2api/v4/b2_authorize_account', '/file/my-bucket/name'])
    expect(await ask(path, 'GET', html)).toEqual(await ask(path, 'GET', {}));
});
