import { fc } from '@fast-check/vitest';
import type { BucketId } from '@coffer/b2-schema';
import { lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../create-client.ts';
import { CustomerKeyRing } from '../encryption/customer-key-ring.ts';
import { sseC } from '../encryption/file-encryption.ts';
import { bytes, caught } from '../../test/caught.ts';
import { memoryServer, type MemoryServer } from '../../test/memory-server.ts';
import { syncDown, type SyncDownOptions } from './sync-down.ts';
import type { SyncAction } from './sync-options.ts';
import { syncUp } from './sync-up.ts';

const time = 1_700_000_000_123;
const encryption = sseC(new Uint8Array(32).fill(1), { id: 'one' });

let server: MemoryServer;
let client: Client;
let base: string;
let count = 0;

beforeAll(async () => {
  server = await memoryServer();
  client = server.client();
  base = await realpath(await mkdtemp(join(tmpdir(), 'coffer-sync-test-')));
});
afterAll(() => rm(base, { recursive: true }));

const bucket = (): Promise<BucketId> => server.bucket(`bucket-${count++}`);

/** Text by name; all files get the same time unless they say another one. */
type Files = Readonly<Record<string, string>>;

async function directoryOf(files: Files = {}, modified = time): Promise<string> {
  const directory = join(base, `directory-${count++}`);
  await mkdir(directory);
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    await utimes(path, new Date(modified), new Date(modified));
  }
  return directory;
}

async function contentOf(directory: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const name of (await readdir(directory, { recursive: true })).sort()) {
    const path = join(directory, name);
    if ((await lstat(path)).isFile()) files[name] = await readFile(path, 'utf8');
  }
  return files;
}

async function put(bucketId: BucketId, fileName: string, text = fileName): Promise<void> {
  await client.upload({ bucketId, fileName, data: bytes(text) });
}

const kinds = (actions: readonly SyncAction[]) => actions.map(({ kind, name }) => `${kind} ${name}`).sort();

describe('syncUp', () => {
  it('uploads what is missing or changed, under the prefix and the key, and nothing twice', async () => {
    const bucketId = await bucket();
    const directory = await directoryOf({ 'a.txt': 'a', 'b/c.txt': 'see', empty: '' });
    const progress: number[] = [];
    const up = () =>
      syncUp(client, {
        directory,
        bucketId,
        prefix: 'x/',
        encryption,
        onProgress: ({ bytes }) => progress.push(bytes),
      });
    expect(kinds(await up())).toEqual(['upload a.txt', 'upload b/c.txt', 'upload empty']);
    expect(progress.at(-1)).toBe(4);
    expect(await up()).toEqual([]);
    const { files } = await client.api.listFileNames({ bucketId });
    expect(files.map(({ fileName }) => fileName)).toEqual(['x/a.txt', 'x/b/c.txt', 'x/empty']);
    expect(files[0]).toMatchObject({ fileInfo: { src_last_modified_millis: String(time), sse_c_key_id: 'one' } });
    await writeFile(join(directory, 'a.txt'), 'longer');
    await utimes(join(directory, 'empty'), new Date(5), new Date(5));
    expect(kinds(await up())).toEqual(['upload a.txt', 'upload empty']);
  });

  it('hides what only the bucket has, if asked to, and leaves what is excluded', async () => {
    const bucketId = await bucket();
    for (const name of ['gone', 'kept.log', 'outside']) await put(bucketId, name === 'outside' ? name : `x/${name}`);
    const directory = await directoryOf({ a: 'a', 'a.log': 'no' });
    const options = { directory, bucketId, prefix: 'x/', exclude: (name: string) => name.endsWith('.log') };
    expect(kinds(await syncUp(client, options))).toEqual(['upload a']);
    const told: SyncAction[] = [];
    const done = await syncUp(client, { ...options, deleteExtraneous: true, onAction: (action) => told.push(action) });
    expect(kinds(done)).toEqual(['hide gone']);
    expect(told).toEqual(done);
    const { files } = await client.api.listFileNames({ bucketId });
    expect(files.map(({ fileName }) => fileName)).toEqual(['outside', 'x/a', 'x/kept.log']);
  });

  it('refuses symbolic links and names that no bucket has, hides nothing behind them, and does nothing in a dry run', async () => {
    const bucketId = await bucket();
    const directory = await directoryOf({ a: 'a', 'b\u0001': 'b' });
    await put(bucketId, 'links/passwd');
    await put(bucketId, 'gone');
    await symlink('/etc/passwd', join(directory, 'link'));
    await symlink('/etc', join(directory, 'links'));
    const told: SyncAction[] = [];
    const actions = await syncUp(client, {
      directory,
      bucketId,
      dryRun: true,
      deleteExtraneous: true,
      onAction: (action) => told.push(action),
    });
    expect(kinds(actions)).toEqual(['hide gone', 'refuse b\u0001', 'refuse link', 'refuse links', 'upload a']);
    expect(told).toEqual([]);
    const { files } = await client.api.listFileNames({ bucketId });
    expect(files.map(({ fileName }) => fileName)).toEqual(['gone', 'links/passwd']);
  });

  it('tells of a file that was changed while it was uploaded', async () => {
    const bucketId = await bucket();
    const directory = await directoryOf({ a: 'a' });
    server.intercept = async ({ operation }) => {
      if (operation === 'b2_upload_file') await utimes(join(directory, 'a'), new Date(9), new Date(9));
      return undefined;
    };
    expect(await caught(syncUp(client, { directory, bucketId }))).toMatchObject({ code: 'file_changed' });
    server.intercept = undefined;
  });
});

describe('syncDown', () => {
  const down = (directory: string, bucketId: BucketId, more: Partial<SyncDownOptions> = {}) =>
    syncDown(client, { directory, bucketId, ...more });

  it('downloads with the times, with keys of a ring, and nothing twice', async () => {
    const bucketId = await bucket();
    const source = await directoryOf({ a: 'a', 'b/c': 'c'.repeat(250) });
    await syncUp(client, { directory: source, bucketId, prefix: 'x/', encryption });
    const directory = await directoryOf();
    const options = { prefix: 'x/', encryption: new CustomerKeyRing([encryption]) };
    expect(kinds(await down(directory, bucketId, options))).toEqual(['download a', 'download b/c']);
    expect(Math.round((await lstat(join(directory, 'b/c'))).mtimeMs)).toBe(time);
    expect(await contentOf(directory)).toEqual(await contentOf(source));
    expect(await down(directory, bucketId, options)).toEqual([]);
  });

  it('refuses names that lead elsewhere, and downloads the others', async () => {
    const bucketId = await bucket();
    const outside = await directoryOf({ secret: 'as it was' });
    const directory = await directoryOf();
    await symlink(outside, join(directory, 'link'));
    await symlink(join(outside, 'secret'), join(directory, 'file-link'));
    // A server may refuse to store some of these.
    const bad = ['../up', 'a/../../up', './here', 'link/secret', 'file-link'];
    await put(bucketId, 'fine');
    const listed = bad.map((name) => ({ name, isStored: true }));
    for (const one of listed)
      one.isStored = await put(bucketId, one.name).then(
        () => true,
        () => false,
      );
    const actions = await down(directory, bucketId, { deleteExtraneous: true });
    const stored = listed.filter(({ isStored }) => isStored).map(({ name }) => `refuse ${name}`);
    expect(stored).toEqual(expect.arrayContaining(['refuse link/secret', 'refuse file-link']));
    expect(kinds(actions)).toEqual(['download fine', ...stored].sort());
    expect(await contentOf(outside)).toEqual({ secret: 'as it was' });
    expect((await readdir(directory)).sort()).toEqual(['file-link', 'fine', 'link']);
  });

  it('deletes nothing that was changed, and replaces nothing that has come, since the directory was read', async () => {
    for (const [name, isListed] of [
      ['surplus', true],
      ['fine', true],
      ['fine', false],
    ] as const) {
      const bucketId = await bucket();
      await put(bucketId, 'fine');
      const directory = await directoryOf(isListed ? { [name]: 'as it was' } : {});
      server.intercept = async ({ operation }) => {
        if (operation === 'b2_download_file_by_id') await writeFile(join(directory, name), 'mine');
        return undefined;
      };
      const error = await caught(down(directory, bucketId, { deleteExtraneous: true }));
      server.intercept = undefined;
      expect(error).toMatchObject({ code: 'file_changed', message: expect.stringMatching(`^${name} `) as string });
      expect(await contentOf(directory)).toMatchObject({ [name]: 'mine' });
    }
  });

  it('leaves the old file, and no other, if what comes is not what it should be', async () => {
    const bucketId = await bucket();
    await put(bucketId, 'a', 'right');
    const directory = await directoryOf({ a: 'old' });
    server.intercept = async ({ operation }, goOn) => {
      if (operation !== 'b2_download_file_by_id') return undefined;
      return new Response('wrong', { headers: (await goOn()).headers });
    };
    expect(await caught(down(directory, bucketId))).toMatchObject({ code: 'checksum_mismatch' });
    server.intercept = undefined;
    expect(await readdir(directory)).toEqual(['a']);
    expect(await contentOf(directory)).toEqual({ a: 'old' });
  });

  it('makes room for files and directories of the same name only if it may delete', async () => {
    const bucketId = await bucket();
    await put(bucketId, 'a/b');
    await put(bucketId, 'c');
    const directory = await directoryOf({ a: 'file', 'c/d/e': 'below', surplus: 'x', 'keep/me': 'x' });
    expect(kinds(await down(directory, bucketId))).toEqual(['refuse a/b', 'refuse c']);
    const options = { deleteExtraneous: true, exclude: (name: string) => name.startsWith('keep') };
    expect(kinds(await down(directory, bucketId, { ...options, dryRun: true }))).toHaveLength(5);
    expect(await contentOf(directory)).toHaveProperty('surplus');
    expect(kinds(await down(directory, bucketId, options))).toEqual([
      ...['delete a', 'delete c/d/e', 'delete surplus', 'download a/b', 'download c'],
    ]);
    expect(await contentOf(directory)).toEqual({ 'a/b': 'a/b', c: 'c', 'keep/me': 'x' });
  });

  it('ends with the reason of the signal, and leaves no incomplete file', async () => {
    const bucketId = await bucket();
    await put(bucketId, 'a');
    const directory = await directoryOf();
    const stop = new AbortController();
    const aborted = down(directory, bucketId, {
      signal: stop.signal,
      onProgress: () => {
        stop.abort(new Error('enough'));
      },
    });
    await expect(aborted).rejects.toThrow('enough');
    expect(await readdir(directory)).toEqual([]);
  });
});

describe('either direction', () => {
  const both = [
    ['up', syncUp],
    ['down', syncDown],
  ] as const;

  it.each(both)('%s refuses a prefix that cuts names in two, and counts that are none', async (_, sync) => {
    const bucketId = await bucket();
    const directory = await directoryOf({ a: 'a' });
    const options = { directory, bucketId, deleteExtraneous: true };
    const prefixed = await caught(sync(client, { ...options, prefix: 'backup' }));
    expect(prefixed).toMatchObject({ code: 'invalid_request', field: 'prefix' });
    const unbounded = await caught(sync(client, { ...options, parallel: 0, allowEmptySource: true }));
    expect(unbounded).toMatchObject({ code: 'invalid_request', field: 'parallel' });
    expect(await contentOf(directory)).toEqual({ a: 'a' });
  });

  it.each(both)('%s empties no target because the source is empty, unless it may be', async (direction, sync) => {
    const bucketId = await bucket();
    const directory = await directoryOf(direction === 'up' ? { 'only.log': 'x' } : { a: 'a' });
    await put(bucketId, direction === 'up' ? 'a' : 'only.log');
    const exclude = (name: string) => name.endsWith('.log');
    const options = { directory, bucketId, exclude, deleteExtraneous: true };
    expect(await caught(sync(client, options))).toMatchObject({ code: 'invalid_request', field: 'allowEmptySource' });
    const done = await sync(client, { ...options, allowEmptySource: true });
    expect(kinds(done)).toEqual([direction === 'up' ? 'hide a' : 'delete a']);
    expect(await sync(client, options)).toEqual([]);
  });

  it.each(both)('%s leaves the names of incomplete files alone, on both sides', async (_, sync) => {
    const bucketId = await bucket();
    const directory = await directoryOf({ '.coffer-sync-1': 'x', 'b/.coffer-sync-2/c': 'x', same: 'x' });
    for (const name of ['.coffer-sync-3', 'b/.coffer-sync-4/c']) await put(bucketId, name);
    await syncUp(client, { directory, bucketId });
    expect(await sync(client, { directory, bucketId, deleteExtraneous: true })).toEqual([]);
    const { files } = await client.api.listFileNames({ bucketId });
    expect(files.map(({ fileName }) => fileName)).toEqual(['.coffer-sync-3', 'b/.coffer-sync-4/c', 'same']);
  });
});

const segment = fc.constantFrom('a', 'b', 'ä', 'a b', '.hidden', '%41', '日本');
const name = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'));

/** A tree in which no file has the name of a directory. */
const tree = fc.dictionary(name, fc.string({ maxLength: 30 }), { maxKeys: 5 }).map((files) => {
  const names = Object.keys(files);
  const isDirectory = (one: string) => names.some((other) => other.startsWith(`${one}/`));
  return Object.fromEntries(Object.entries(files).filter(([one]) => !isDirectory(one)));
});

it('makes any two directories equal, over a bucket, and touches nothing beside them', async () => {
  const trees = fc.sample(fc.tuple(tree, tree, tree), { seed: 5, numRuns: 15 });
  for (const [source, stored, target] of trees) {
    const bucketId = await bucket();
    const options = { bucketId, prefix: 'p/', deleteExtraneous: true, allowEmptySource: true };
    await put(bucketId, 'beside', 'untouched');
    await syncUp(client, { ...options, directory: await directoryOf(stored, time - 1) });
    const from = await directoryOf(source);
    const to = await directoryOf(target, time - 2);
    const names = await readdir(base);
    await syncUp(client, { ...options, directory: from });
    await syncDown(client, { ...options, directory: to });
    expect(await contentOf(to)).toEqual(source);
    expect(await contentOf(from)).toEqual(source);
    expect(await readdir(base)).toEqual(names);
    expect(await syncUp(client, { ...options, directory: from })).toEqual([]);
    expect(await syncDown(client, { ...options, directory: to })).toEqual([]);
    const { files } = await client.api.listFileNames({ bucketId, maxFileCount: 1 });
    expect(files[0]?.fileName).toBe('beside');
  }
});
