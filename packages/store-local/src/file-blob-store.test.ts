import { mkdtemp, readdir, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collect, streamOf } from '@coffer/bytes';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileBlobStore } from './file-blob-store.ts';

let root = '';
let store: FileBlobStore;
beforeEach(async () => {
  root = join(await mkdtemp(join(tmpdir(), 'coffer-blobs-')), 'blobs');
  store = await FileBlobStore.open(root);
});
afterEach(() => rm(join(root, '..'), { recursive: true }));

test('blobs are files in folders named by the beginning of the id, for the owner only', async () => {
  await store.write('abcdef', streamOf(Uint8Array.of(1, 2, 3)));
  await store.write('z', streamOf());
  const mode = async (...path: readonly string[]) => (await stat(join(root, ...path))).mode & 0o777;
  expect([await mode(), await mode('tmp'), await mode('ab'), await mode('z')]).toEqual([0o700, 0o700, 0o700, 0o700]);
  expect([await mode('ab', 'abcdef'), await mode('z', 'z')]).toEqual([0o600, 0o600]);
  expect(await readdir(join(root, 'tmp'))).toEqual([]);
  expect((await stat(join(root, 'ab', 'abcdef'))).nlink).toBe(1);
});

test('a blob that is shorter than when it was opened is an error, not an early end', async () => {
  await store.write('abc', streamOf(new Uint8Array(200_000)));
  const stream = await store.read('abc');
  await truncate(join(root, 'ab', 'abc'), 100_000);
  await expect(collect(stream, 1_000_000)).rejects.toMatchObject({ name: 'StoreError', code: 'io' });
});

test('many blobs are written at once, in smaller pieces, and read back', async () => {
  const content = (i: number) => new Uint8Array(150_000).fill(i);
  const ids = Array.from({ length: 100 }, (_, i) => `blob${i}`);
  await Promise.all(ids.map((id, i) => store.write(id, streamOf(content(i)))));
  const back = await Promise.all(ids.map(async (id) => collect(await store.read(id), 1_000_000)));
  expect(back.every((bytes, i) => Buffer.compare(bytes, content(i)) === 0)).toBe(true);
});

test('with the blob folder gone, no blob is called missing', async () => {
  await store.write('abc', streamOf(Uint8Array.of(1)));
  await rename(root, `${root}-away`);
  for (const call of [
    () => store.size('abc'),
    () => store.read('abc'),
    () => store.delete('abc'),
    () => store.list({ limit: 1 }),
  ])
    await expect(call()).rejects.toMatchObject({ code: 'io' });
  await rename(`${root}-away`, root);
  expect(await store.size('abc')).toBe(1);
});

test('a file where a folder should be is an error of the store', async () => {
  await writeFile(join(root, 'ab'), '');
  await expect(store.write('abc', streamOf())).rejects.toMatchObject({ code: 'io' });
  await expect(store.size('abc')).rejects.toMatchObject({ code: 'io' });
  expect(await store.list({ limit: 10 })).toEqual([]);
});

test('sweeping removes and counts what interrupted writes left', async () => {
  await store.write('abc', streamOf(Uint8Array.of(1)));
  for (const name of ['x-1', 'y-2']) await writeFile(join(root, 'tmp', name), 'left');
  expect(await store.sweep()).toBe(2);
  expect(await readdir(join(root, 'tmp'))).toEqual([]);
  expect(await store.list({ limit: 10 })).toEqual(['abc']);
});

test('sweeping asks for each leftover whether its write is under way, and counts what it removed', async () => {
  for (const name of ['x-1', 'y-2', 'y-3', 'z-4']) await writeFile(join(root, 'tmp', name), 'left');
  const live = async (blobId: string) => {
    // The write of z ends while the sweep asks.
    if (blobId === 'z') await rm(join(root, 'tmp', 'z-4'));
    return blobId === 'y';
  };
  expect(await store.sweep({ live })).toBe(1);
  expect((await readdir(join(root, 'tmp'))).sort()).toEqual(['y-2', 'y-3']);
  expect(await store.sweep()).toBe(2);
});

test('what is no blob is not listed', async () => {
  await store.write('abc', streamOf());
  for (const name of ['ABC', 'ab.txt', 'zz', '.hidden']) await writeFile(join(root, 'ab', name), '');
  expect(await store.list({ limit: 10 })).toEqual(['abc']);
});
