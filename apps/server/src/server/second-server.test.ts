import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { localStoreLayout, openLocalStore } from '@coffer/store-local';
import { expect, it, onTestFinished } from 'vitest';
import { lockName } from '../data/directory-lock.ts';
import { readAll, uploadHeaders, type Session } from '../test-support/b2-calls.ts';
import { CliServer, patience } from '../test-support/cli-server.ts';
import { testPlaces } from '../test-support/temporary-place.ts';

const { temporaryDirectory } = testPlaces(onTestFinished);

const bytes = randomBytes(300_000);

function serve(data: string, ...args: readonly string[]): CliServer {
  const server = new CliServer(['--data', data, ...args]);
  onTestFinished(async () => {
    await server.end('SIGKILL');
  });
  return server;
}

async function halfAnUpload(session: Session): Promise<ClientRequest> {
  const bucketId = await session.createBucket('my-bucket');
  const target = await session.api('b2_get_upload_url', { bucketId });
  const headers = { ...uploadHeaders(String(target['authorizationToken']), 'name', bytes), Expect: '100-continue' };
  const upload = request(String(target['uploadUrl']), { method: 'POST', headers });
  upload.flushHeaders();
  await once(upload, 'continue');
  upload.write(bytes.subarray(0, bytes.length / 2));
  return upload;
}

/** What processes have recorded of blobs on their way. */
async function bounds(directory: string): Promise<readonly number[]> {
  const store = await openLocalStore({ directory, existing: true });
  const rows = await store.metadata.scan('blobWriteBounds', { start: new Uint8Array(), end: undefined, limit: 10 });
  await store.close();
  return rows.map(({ value }) => value.bound);
}

it('a second server is refused though the lock was removed by hand, and the first loses nothing', async () => {
  const data = join(await temporaryDirectory(), 'data');
  const server = await serve(data, '--workers', '2').ready();
  const upload = await halfAnUpload(await server.session());
  const underWay = () => readdir(join(localStoreLayout.blobs(data), 'tmp'));
  await expect.poll(underWay, patience).toHaveLength(1);
  const before = await underWay();
  expect(await bounds(data)).toEqual([16]);

  await rm(join(data, lockName));
  const second = serve(data);
  expect(await second.exit).toBe(4);
  expect(second.stderr).toContain(`in use by another server (process ${server.child.pid})`);
  expect(await underWay()).toEqual(before);

  upload.end(bytes.subarray(bytes.length / 2));
  const [response] = (await once(upload, 'response')) as [IncomingMessage];
  await readAll(response);
  expect(response.statusCode).toBe(200);
  expect(await server.end('SIGTERM')).toBe(0);
  expect(await bounds(data)).toEqual([]);
});
