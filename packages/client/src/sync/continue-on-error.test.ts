import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytes, caught } from '../../test/caught.ts';
import { memoryServer } from '../../test/memory-server.ts';
import { syncDown } from './sync-down.ts';
import type { SyncAction } from './sync-options.ts';
import { syncUp } from './sync-up.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'coffer-sync-error-'));
});
afterEach(() => rm(directory, { recursive: true }));

const kinds = (actions: readonly SyncAction[]) => actions.map(({ kind, name }) => `${kind} ${name}`).sort();

async function withServer() {
  const server = await memoryServer();
  const client = server.client();
  return { server, client, bucketId: await server.bucket() };
}

describe('a synchronization in which a file fails', () => {
  it('ends with the error', async () => {
    const { server, client, bucketId } = await withServer();
    for (const name of ['a', 'bad', 'c']) await writeFile(join(directory, name), name);
    server.intercept = ({ headers }) =>
      headers.get('x-bz-file-name') === 'bad' ? Response.json(refusal, { status: 400 }) : undefined;
    const error = await caught(syncUp(client, { bucketId, directory }));
    expect(error).toMatchObject({ code: 'bad_request' });
  });

  it('uploads the others with continueOnError, tells of it, and hides nothing', async () => {
    const { server, client, bucketId } = await withServer();
    for (const name of ['a', 'bad', 'c']) await writeFile(join(directory, name), name);
    await client.upload({ bucketId, fileName: 'gone', data: bytes('gone') });
    server.intercept = ({ headers }) =>
      headers.get('x-bz-file-name') === 'bad' ? Response.json(refusal, { status: 400 }) : undefined;
    const told: SyncAction[] = [];
    const options = { bucketId, directory, deleteExtraneous: true, continueOnError: true };
    const done = await syncUp(client, { ...options, onAction: (action) => told.push(action) });
    expect(kinds(done)).toEqual(['fail bad', 'refuse gone', 'upload a', 'upload c']);
    expect(told).toEqual(done);
    expect(done.find(({ kind }) => kind === 'fail')).toMatchObject({ error: { code: 'bad_request' } });
    server.intercept = undefined;
    expect(kinds(await syncUp(client, options))).toEqual(['hide gone', 'upload bad']);
  });

  it('downloads the others with continueOnError, and deletes nothing', async () => {
    const { server, client, bucketId } = await withServer();
    for (const fileName of ['a', 'bad', 'c']) await client.upload({ bucketId, fileName, data: bytes(fileName) });
    await writeFile(join(directory, 'gone'), 'gone');
    const fileId = (await client.api.listFileNames({ bucketId })).files.find(
      ({ fileName }) => fileName === 'bad',
    )?.fileId;
    server.intercept = ({ url }) =>
      url.endsWith(`fileId=${fileId}`) ? Response.json(refusal, { status: 400 }) : undefined;
    const options = { bucketId, directory, deleteExtraneous: true, continueOnError: true };
    expect(kinds(await syncDown(client, options))).toEqual(['download a', 'download c', 'fail bad', 'refuse gone']);
    expect((await readdir(directory)).sort()).toEqual(['a', 'c', 'gone']);
    server.intercept = undefined;
    expect(kinds(await syncDown(client, options))).toEqual(['delete gone', 'download bad']);
  });

  it.each(['up', 'down'])('still ends, on the way %s, with what onProgress throws', async (way) => {
    const { client, bucketId } = await withServer();
    const told: SyncAction[] = [];
    const error = new RangeError('the listener is broken');
    const options = {
      ...{ bucketId, directory, continueOnError: true },
      onAction: (action: SyncAction) => told.push(action),
      onProgress: () => {
        throw error;
      },
    };
    if (way === 'up') {
      await writeFile(join(directory, 'a'), 'a');
      await expect(syncUp(client, options)).rejects.toBe(error);
    } else {
      await client.upload({ bucketId, fileName: 'a', data: bytes('a') });
      await expect(syncDown(client, options)).rejects.toBe(error);
    }
    expect(told).toEqual([]);
  });

  it('still ends when it is aborted', async () => {
    const { client, bucketId } = await withServer();
    await writeFile(join(directory, 'a'), 'a');
    const stop = new AbortController();
    const onProgress = () => {
      stop.abort(new Error('enough'));
    };
    await writeFile(join(directory, 'b'), 'b');
    const options = { bucketId, directory, continueOnError: true, parallel: 1, signal: stop.signal, onProgress };
    await expect(syncUp(client, options)).rejects.toThrow('enough');
  });
});

const refusal = { status: 400, code: 'bad_request', message: 'no' };
