import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { authorize, call, readAll, uploadHeaders } from '../test-support/b2-calls.ts';
import { testConfig, testPlaces } from '../test-support/temporary-place.ts';
import type { RunningServer } from './running-server.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);

const data = randomBytes(300_000);

/** An upload whose first half was received by the server. */
async function halfAnUpload(server: RunningServer): Promise<{ upload: ClientRequest; secret: string }> {
  const secret = server.masterKey!.expose((text) => text);
  const session = await authorize(server.urls.http!, server.masterKeyId, secret);
  const bucketId = await session.createBucket('my-bucket');
  const target = await session.api('b2_get_upload_url', { bucketId });
  const headers = { ...uploadHeaders(String(target['authorizationToken']), 'name', data), Expect: '100-continue' };
  const upload = request(String(target['uploadUrl']), { method: 'POST', headers });
  upload.flushHeaders();
  // The server asks for the body once it reads it.
  await once(upload, 'continue');
  upload.write(data.subarray(0, data.length / 2));
  return { upload, secret };
}

it('lets an upload finish, takes no new connection, and keeps what was uploaded', async () => {
  const config = testConfig(await temporaryDirectory(), { adminListen: '127.0.0.1:0' });
  const server = await start(config);
  const { upload, secret } = await halfAnUpload(server);

  const closed = server.close();
  await expect(call(server.urls.http!)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect((await call(`${server.urls.admin!}/readyz`)).bytes.toString()).toBe('stopping\n');
  upload.end(data.subarray(data.length / 2));
  const [response] = (await once(upload, 'response')) as [IncomingMessage];
  await readAll(response);
  expect([response.statusCode, response.headers.connection]).toEqual([200, 'close']);
  await closed;

  const again = await start(config);
  const session = await authorize(again.urls.http!, again.masterKeyId, secret);
  expect((await session.download('my-bucket', 'name')).bytes.equals(data)).toBe(true);
});

it('cuts off what does not finish in time, and leaves nothing of it', async () => {
  const config = testConfig(await temporaryDirectory());
  const server = await start(config);
  const { upload, secret } = await halfAnUpload(server);
  const cut = once(upload, 'error');
  await server.close(1);
  await cut;

  const again = await start(config);
  const session = await authorize(again.urls.http!, again.masterKeyId, secret);
  expect((await session.download('my-bucket', 'name')).status).toBe(404);
});

it('does not wait for connections that send nothing', async () => {
  const server = await start(testConfig(await temporaryDirectory()));
  const socket = connect(Number(new URL(server.urls.http!).port), '127.0.0.1');
  await once(socket, 'connect');
  const gone = once(socket, 'close');
  await server.close(1);
  await gone;
});

it('may be asked to stop twice', async () => {
  const server = await start(testConfig(await temporaryDirectory()));
  await Promise.all([server.close(), server.close()]);
});
