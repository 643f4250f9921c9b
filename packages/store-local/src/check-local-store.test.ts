import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkLocalStore, openLocalStore } from './index.ts';

let parent = '';
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'coffer-check-'));
});
afterEach(() => rm(parent, { recursive: true }));

test('nothing there', async () => {
  expect(await checkLocalStore(join(parent, 'none'))).toEqual({
    exists: false,
    writable: false,
    mode: null,
    freeBytes: null,
    metadata: 'absent',
    metadataFailure: null,
    temporaryBlobs: null,
  });
});

test('a store, open and closed, with a leftover', async () => {
  const directory = join(parent, 'a', 'store');
  const store = await openLocalStore({ directory });
  const whileOpen = await checkLocalStore(directory);
  expect(whileOpen).toMatchObject({ exists: true, writable: true, mode: 0o700, metadata: 'opens', temporaryBlobs: 0 });
  expect(whileOpen.freeBytes).toBeGreaterThan(0);
  await store.close();
  await writeFile(join(directory, 'blobs', 'tmp', 'left'), '');
  await chmod(directory, 0o755);
  expect(await checkLocalStore(directory)).toMatchObject({ mode: 0o755, metadata: 'opens', temporaryBlobs: 1 });
});

test.each([
  ['garbage', 'data.mdb', Buffer.alloc(16_384, 7)],
  ['zeros', 'data.mdb', Buffer.alloc(16_384)],
  ['half a header', 'data.mdb', Buffer.alloc(20, 7)],
])('metadata that does not open says why: %s', async (_what, file, content) => {
  const directory = join(parent, 'store');
  await (await openLocalStore({ directory })).close();
  await writeFile(join(directory, 'metadata', file), content);
  const facts = await checkLocalStore(directory);
  expect(facts).toMatchObject({ metadata: 'fails', metadataFailure: expect.stringContaining('damaged') as string });
  await expect(openLocalStore({ directory })).rejects.toMatchObject({ name: 'StoreError', code: 'io' });
});

test('a lock file that can not be opened is an error, not a crash', async () => {
  const directory = join(parent, 'store');
  await mkdir(join(directory, 'metadata', 'lock.mdb'), { recursive: true });
  await expect(openLocalStore({ directory })).rejects.toMatchObject({ name: 'StoreError', code: 'io' });
});

test('an empty metadata file, as a crash while the store was made leaves it, is initialised', async () => {
  const directory = join(parent, 'store');
  await mkdir(join(directory, 'metadata'), { recursive: true });
  await writeFile(join(directory, 'metadata', 'data.mdb'), '');
  await (await openLocalStore({ directory })).close();
  expect((await checkLocalStore(directory)).metadata).toBe('opens');
});
