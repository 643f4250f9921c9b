import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
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
    temporaryBlobs: null,
  });
});

test('a store, open and closed, with a leftover', async () => {
  const directory = join(parent, 'a', 'store');
  const store = await openLocalStore({ directory });
  const whileOpen = await checkLocalStore(directory);
  expect(whileOpen).toMatchObject({ exists: true, writable: true, mode: 0o700, temporaryBlobs: 0 });
  expect(whileOpen.freeBytes).toBeGreaterThan(0);
  await store.close();
  await writeFile(join(directory, 'blobs', 'tmp', 'left'), '');
  await chmod(directory, 0o755);
  expect(await checkLocalStore(directory)).toMatchObject({ mode: 0o755, temporaryBlobs: 1 });
});

test.each([
  ['garbage', Buffer.alloc(16_384, 7)],
  ['zeros', Buffer.alloc(16_384)],
  ['half a header', Buffer.alloc(20, 7)],
])('metadata that does not open is an error, not a crash: %s', async (_what, content) => {
  const directory = join(parent, 'store');
  await (await openLocalStore({ directory })).close();
  await writeFile(join(directory, 'metadata', 'data.mdb'), content);
  await expect(openLocalStore({ directory })).rejects.toMatchObject({ name: 'StoreError', code: 'io' });
});

test('a lock file that cannot be opened is an error, not a crash', async () => {
  const directory = join(parent, 'store');
  await mkdir(join(directory, 'metadata', 'lock.mdb'), { recursive: true });
  await expect(openLocalStore({ directory })).rejects.toMatchObject({ name: 'StoreError', code: 'io' });
});

test('an existing store is opened only where all of it is there', async () => {
  const directory = join(parent, 'store');
  await expect(openLocalStore({ directory, existing: true })).rejects.toMatchObject({ code: 'io' });
  await expect(stat(directory)).rejects.toMatchObject({ code: 'ENOENT' });
  await (await openLocalStore({ directory })).close();
  await (await openLocalStore({ directory, existing: true })).close();
  await rm(join(directory, 'blobs'), { recursive: true });
  await expect(openLocalStore({ directory, existing: true })).rejects.toMatchObject({ code: 'io' });
  await mkdir(join(directory, 'blobs'));
  await writeFile(join(directory, 'metadata', 'data.mdb'), '');
  await expect(openLocalStore({ directory, existing: true })).rejects.toThrow(/is empty/);
});

test('an empty metadata file, as a crash while the store was made leaves it, is initialised', async () => {
  const directory = join(parent, 'store');
  await mkdir(join(directory, 'metadata'), { recursive: true });
  await writeFile(join(directory, 'metadata', 'data.mdb'), '');
  await (await openLocalStore({ directory })).close();
});
