import { cp, mkdir, mkdtemp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { streamOf } from '@coffer/bytes';
import { keys, type StoreIdentity, type Write } from '@coffer/storage-ports';
import { createLocalMetadata, openLocalStore, openLocalStoreToRead, writeStoreMark } from '../index.ts';
import { checkMetadata } from './check-metadata.ts';
import { inspectLocalStore } from './inspect-local-store.ts';
import { newestMeta } from './lmdb-meta.ts';
import { PageFile } from './page-file.ts';
import { walkPages } from './walk-pages.ts';

const identity: StoreIdentity = { storeId: 'ab'.repeat(16), formatVersion: 1, generation: 'cd'.repeat(16) };
const check = { inUse: false, pages: Infinity, ignored: () => false } as const;

let root = '';
let original = '';
let directory = '';
let dataFile = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'coffer-inspection-'));
  original = join(root, 'original');
  await createLocalMetadata(original, (metadata) =>
    metadata.commit({
      expectations: [],
      writes: [{ table: 'storeIdentity', key: keys.storeIdentity(), put: identity }],
    }),
  );
  const store = await openLocalStore({ directory: original });
  await writeStoreMark(join(original, 'blobs'), identity);
  for (let round = 0; round < 4; round++)
    await store.metadata.commit({ expectations: [], writes: rows(round * 150, 150) });
  await store.metadata.commit({
    expectations: [],
    writes: [{ table: 'inlineBlobs', key: keys.inlineBlobs('b'), put: new Uint8Array(30_000).fill(7) }],
  });
  await store.close();
});
afterAll(() => rm(root, { recursive: true }));

function rows(from: number, count: number): Write[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ table: 'blobReferences', key: keys.blobReferences(`blob${from + index}`.padEnd(60, 'x')) },
    put: { fileId: 'f'.repeat(80), partNumber: 0 },
  }));
}

beforeEach(async () => {
  directory = await mkdtemp(join(root, 'copy-'));
  await cp(original, directory, { recursive: true });
  dataFile = join(directory, 'metadata', 'data.mdb');
});

/** Pages followed, or what is said of the damage. */
function walkPagesFor(limit: number): number | string {
  const file = new PageFile(dataFile);
  try {
    return walkPages(
      file,
      newestMeta((at, length) => file.read(at, length)),
      limit,
    ).pages;
  } catch (error) {
    return (error as Error).message;
  } finally {
    file.close();
  }
}

const walk = () => walkPagesFor(Infinity);

const pageSize = 4_096;

/** What `look` says while a page has other bytes. */
async function withPage<T>(page: number, bytes: Uint8Array, look: () => T): Promise<T> {
  const file = await open(dataFile, 'r+');
  try {
    const before = Buffer.alloc(bytes.length);
    await file.read(before, 0, before.length, page * pageSize);
    await file.write(bytes, 0, bytes.length, page * pageSize);
    const said = look();
    await file.write(before, 0, before.length, page * pageSize);
    return said;
  } finally {
    await file.close();
  }
}

/** Numbers of the pages that are in use, apart from the two meta pages and from the contents of overflow pages. */
async function pagesInUse(): Promise<readonly number[]> {
  const pages = Math.floor((await stat(dataFile)).size / pageSize);
  const used: number[] = [];
  for (let page = 2; page < pages; page++)
    if (typeof (await withPage(page, new Uint8Array(pageSize).fill(0xa5), walk)) === 'string') used.push(page);
  return used;
}

async function snapshot(): Promise<readonly unknown[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const { mtimeNs, mode } = await stat(path, { bigint: true });
      return [path, mtimeNs, mode, entry.isFile() ? (await readFile(path)).toString('latin1') : null];
    }),
  );
}

describe('a whole store', () => {
  test('is described, and nothing of it changes', async () => {
    const before = await snapshot();
    expect(await inspectLocalStore(directory, check)).toEqual({
      metadata: { state: 'readable', identity, isFresh: true },
      blobs: { state: 'usable', mark: { storeId: identity.storeId, formatVersion: 1 }, hasBlobs: false },
      others: [],
    });
    expect(await snapshot()).toEqual(before);
  });

  test('is read without a change, and cannot be changed', async () => {
    const before = await snapshot();
    const store = await openLocalStoreToRead({ directory, inUse: false });
    expect((await store.metadata.get('storeIdentity', keys.storeIdentity()))?.value).toEqual(identity);
    const all = { start: new Uint8Array(0), end: undefined, limit: 10_000 };
    expect(await store.metadata.scan('blobReferences', all)).toHaveLength(600);
    expect(await store.blobs.list({ limit: 5 })).toEqual([]);
    const refused = { name: 'StoreError', code: 'io', message: 'The store was opened for reading only' };
    const writes = rows(0, 1);
    await expect(store.metadata.commit({ expectations: [], writes })).rejects.toMatchObject(refused);
    await expect(store.blobs.write('ab', streamOf(new Uint8Array(1)))).rejects.toMatchObject(refused);
    for (const change of ['delete', 'restore', 'purge'] as const)
      await expect(store.blobs[change]('ab')).rejects.toMatchObject(refused);
    await store.close();
    expect(await snapshot()).toEqual(before);
  });

  test('is read and found whole while another handle writes', async () => {
    const writer = await openLocalStore({ directory });
    const reader = await openLocalStoreToRead({ directory, inUse: true });
    const state = { isDone: false };
    const writing = (async () => {
      for (let round = 0; !state.isDone; round++)
        await writer.metadata.commit({ expectations: [], writes: rows(round, 50) });
    })();
    const found = await inspectLocalStore(directory, { ...check, inUse: true });
    state.isDone = true;
    await writing;
    expect(found.metadata).toMatchObject({ state: 'readable', identity });
    expect(found.blobs).toMatchObject({ state: 'usable' });
    expect((await reader.metadata.get('storeIdentity', keys.storeIdentity()))?.value).toEqual(identity);
    await reader.close();
    await writer.close();
  });

  test('says what is there besides, and that blobs are', async () => {
    const store = await openLocalStore({ directory });
    await store.blobs.write('abcdef', streamOf(new Uint8Array(3)));
    await store.close();
    await writeFile(join(directory, 'holiday.jpg'), 'x');
    await writeFile(join(directory, 'server.lock'), 'x');
    const found = await inspectLocalStore(directory, { ...check, ignored: (name) => name === 'server.lock' });
    expect(found.others).toEqual(['holiday.jpg']);
    expect(found.blobs).toMatchObject({ hasBlobs: true });
  });

  test('is followed from the roots, to the end or for so many pages', () => {
    const pages = walk();
    expect(pages).toBeGreaterThan(30);
    expect(walkPagesFor(10)).toBe(10);
  });
});

describe('a part that is not there', () => {
  test('is absent, and what is in its place is told', async () => {
    await rm(dataFile);
    await rm(join(directory, 'blobs'), { recursive: true });
    const found = await inspectLocalStore(directory, check);
    expect(found).toMatchObject({ metadata: { state: 'absent' }, blobs: { state: 'absent' } });
    expect(found.others.toSorted()).toEqual(['metadata/lock.mdb', 'metadata/reserve']);
    expect(await inspectLocalStore(join(directory, 'none'), check)).toEqual({
      metadata: { state: 'absent' },
      blobs: { state: 'absent' },
      others: [],
    });
  });

  test.each(['metadata', 'blobs'] as const)('%s that is a file', async (part) => {
    await rm(join(directory, part), { recursive: true });
    await writeFile(join(directory, part), 'x');
    const found = await inspectLocalStore(directory, check);
    expect(found[part]).toEqual({
      state: part === 'blobs' ? 'unusable' : 'damaged',
      reason: expect.any(String) as string,
    });
  });
});

describe('damaged metadata', () => {
  const damaged = { metadata: { state: 'damaged', reason: expect.stringMatching(/^The metadata /) as string } };

  test('cut off anywhere is found, unless only free pages are gone', async () => {
    const used = await pagesInUse();
    const { size } = await stat(dataFile);
    for (let length = size - 512; length > 0; length -= 1_536) {
      await truncate(dataFile, length);
      const isLost = used.some((page) => (page + 1) * pageSize > length) || length < 2 * pageSize;
      if (isLost) expect([length, walkPagesFor(1)]).toEqual([length, expect.stringMatching(/cut off/) as string]);
    }
    expect(used.length).toBeGreaterThan(30);
  });

  test.each([0, 1, 100, 4_096, 4_200, 8_192, 12_288, 40_000, 100_000])('cut off at %i bytes', async (length) => {
    await truncate(dataFile, length);
    const before = await snapshot();
    expect(await inspectLocalStore(directory, check)).toMatchObject(damaged);
    expect(await snapshot()).toEqual(before);
  });

  test('with a page of garbage, or with another in its place, is found on every page', async () => {
    const used = await pagesInUse();
    const other = (await readFile(dataFile)).subarray(used[0]! * pageSize, (used[0]! + 1) * pageSize);
    for (const page of used.slice(1)) {
      for (const bytes of [new Uint8Array(pageSize), new Uint8Array(pageSize).fill(0xff), other])
        expect([page, await withPage(page, bytes, walk)]).toEqual([
          page,
          expect.stringMatching(/is damaged: /) as string,
        ]);
    }
  });

  test('is a fact of the store', async () => {
    const used = await pagesInUse();
    const file = await open(dataFile, 'r+');
    await file.write(new Uint8Array(pageSize).fill(0xa5), 0, pageSize, used[5]! * pageSize);
    await file.close();
    expect(await inspectLocalStore(directory, check)).toMatchObject(damaged);
  });

  test('with any byte of the first two pages changed is damage or none, and nothing worse', async () => {
    const whole = await readFile(dataFile);
    for (let at = 0; at < 168; at++) {
      for (const page of [0, 1]) {
        const changed = whole
          .subarray(page * pageSize, page * pageSize + 168)
          .map((byte, i) => (i === at ? byte ^ 0x80 : byte));
        expect(['string', 'number']).toContain(typeof (await withPage(page, changed, walk)));
      }
    }
  });

  test('that is not followed is found in a process of its own', async () => {
    const file = await open(dataFile, 'r+');
    for (const page of await pagesInUse())
      await file.write(new Uint8Array(pageSize).fill(0xa5), 0, pageSize, page * pageSize);
    await file.close();
    await expect(checkMetadata(join(directory, 'metadata'), { ...check, pages: 0 })).rejects.toMatchObject({
      ...{ name: 'StoreError', code: 'io', message: expect.stringMatching(/^The metadata /) as string },
    });
  });

  test('that is no file', async () => {
    await rm(dataFile);
    await expect(checkMetadata(join(directory, 'metadata'), check)).rejects.toThrow(/there is no data.mdb/);
    await mkdir(dataFile);
    await expect(checkMetadata(join(directory, 'metadata'), check)).rejects.toThrow(/data.mdb is not a file/);
  });
});

describe('new metadata', () => {
  test('is there whole or not at all, and is made once', async () => {
    const target = join(directory, 'new');
    const failing = createLocalMetadata(target, () => Promise.reject(new Error('the process died')));
    await expect(failing).rejects.toThrow();
    expect(await readdir(target)).toEqual(['metadata.new']);
    expect((await inspectLocalStore(target, check)).metadata).toEqual({ state: 'absent' });
    const fill = () => Promise.resolve();
    await createLocalMetadata(target, fill);
    expect(await readdir(target)).toEqual(['metadata']);
    expect((await inspectLocalStore(target, check)).metadata).toEqual({
      ...{ state: 'readable', identity: undefined, isFresh: true },
    });
    await expect(createLocalMetadata(target, fill)).rejects.toMatchObject({ name: 'StoreError', code: 'io' });
  });
});
