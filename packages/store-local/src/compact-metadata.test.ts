import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { keys, type MetadataStore } from '@coffer/storage-ports';
import { expect, onTestFinished, test } from 'vitest';
import { compactMetadata, compactionFolder } from './compact-metadata.ts';
import { openLocalStore } from './local-store.ts';

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'coffer-compact-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

const secret = (n: number) => Uint8Array.from({ length: 72 }, (_, i) => (i * 37 + n * 101 + 11) & 0xff);

async function put(metadata: MetadataStore, n: number): Promise<void> {
  const key = keys.inlineBlobs(`blob${n}`);
  await metadata.commit({ expectations: [], writes: [{ table: 'inlineBlobs', key, put: secret(n) }] });
}

/** A store with rows of which every other one was deleted; the file still has the bytes of some of those. */
async function usedStore(): Promise<{ readonly directory: string; readonly deleted: readonly number[] }> {
  const directory = await temporaryDirectory();
  const store = await openLocalStore({ directory });
  const { metadata } = store;
  const numbers = Array.from({ length: 100 }, (_, n) => n);
  await Promise.all(numbers.map((n) => put(metadata, n)));
  const deleted = numbers.filter((n) => n % 2 === 1);
  for (const n of deleted)
    await metadata.commit({
      expectations: [],
      writes: [{ table: 'inlineBlobs', key: keys.inlineBlobs(`blob${n}`), delete: true }],
    });
  await store.close();
  return { directory, deleted };
}

const dataOf = (directory: string) => readFile(join(directory, 'metadata', 'data.mdb'));

async function requireRows(directory: string): Promise<void> {
  const store = await openLocalStore({ directory });
  const { metadata } = store;
  for (let n = 0; n < 100; n++) {
    const row = await metadata.get('inlineBlobs', keys.inlineBlobs(`blob${n}`));
    expect(row?.value).toEqual(n % 2 === 0 ? secret(n) : undefined);
  }
  await put(metadata, 1_000);
  await store.close();
}

test('what was deleted is in the file before, and not after; everything else is there', async () => {
  const { directory, deleted } = await usedStore();
  const traces = async () => {
    const data = await dataOf(directory);
    return deleted.filter((n) => data.includes(Buffer.from(secret(n))));
  };
  expect((await traces()).length).toBeGreaterThan(0);
  const { before, after } = await compactMetadata(directory);
  expect(after).toBeLessThan(before);
  expect((await dataOf(directory)).length).toBe(after);
  expect(await traces()).toEqual([]);
  expect(await readdir(join(directory, 'metadata'))).not.toContain('compacting');
  await requireRows(directory);
});

test('a compaction that was cut short is begun anew, and its rest does not disturb the store', async () => {
  const { directory } = await usedStore();
  const folder = compactionFolder(directory);
  await mkdir(folder);
  await writeFile(join(folder, 'data.mdb'), 'half a file');
  await requireRows(directory);
  await compactMetadata(directory);
  expect(await readdir(join(directory, 'metadata'))).not.toContain('compacting');
  await requireRows(directory);
});

test('metadata that is not there, or is damaged, is left as it is', async () => {
  const missing = await temporaryDirectory();
  await expect(compactMetadata(missing)).rejects.toMatchObject({ name: 'StoreError', code: 'io' });
  const { directory } = await usedStore();
  await writeFile(join(directory, 'metadata', 'data.mdb'), 'this is no database');
  await expect(compactMetadata(directory)).rejects.toMatchObject({ code: 'io' });
  expect((await dataOf(directory)).toString()).toBe('this is no database');
});

/** Kills a process that compacts again and again, so many milliseconds after it has begun. */
async function killCompacting(directory: string, milliseconds: number): Promise<void> {
  const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
  const register = path('../../../tooling/config/run-source/register.mjs');
  const program = ['--conditions=@coffer/source', `--import=${register}`, path('../test-child/compact-again.mjs')];
  const child = spawn(process.execPath, [...program, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  await wait(milliseconds);
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
}

test('killed at any moment it leaves all rows, and the next one goes through', async () => {
  const { directory } = await usedStore();
  for (let round = 0; round < 12; round++) {
    await killCompacting(directory, round * 4);
    await requireRows(directory);
  }
  await compactMetadata(directory);
  await requireRows(directory);
  expect(await readdir(join(directory, 'metadata'))).not.toContain('compacting');
});
