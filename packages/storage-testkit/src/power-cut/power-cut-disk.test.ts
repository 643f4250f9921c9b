import { expect, test } from 'vitest';
import { forEachChoice, PowerCutDisk } from '../index.ts';

/** The states in which a disk may be found at its end: the file `f` as text, or `-`. */
async function states(disk: PowerCutDisk, path = '/f'): Promise<readonly string[]> {
  const found = new Set<string>();
  const outcome = await forEachChoice(
    async (choose) => {
      const after = disk.afterPowerCut(disk.history.length, choose);
      found.add(await textOf(after, path));
    },
    { limit: 10_000, random: () => 0 },
  );
  expect(outcome.exhaustive).toBe(true);
  return [...found].sort();
}

async function textOf(disk: PowerCutDisk, path: string): Promise<string> {
  try {
    const file = await disk.open(path);
    const bytes = new Uint8Array(await file.size());
    await file.read(bytes, 0);
    // One character per sector says enough.
    return `<${Array.from(bytes, (byte, at) => (at % 512 === 0 ? String(byte) : '')).join('')}>${bytes.length}`;
  } catch {
    return '-';
  }
}

const sector = (byte: number, length = 512) => new Uint8Array(length).fill(byte);

test('a file that nothing was flushed of: absent, or with any sectors and any length', async () => {
  const disk = new PowerCutDisk();
  const file = await disk.create('/f');
  await file.write(sector(1));
  await file.write(sector(2, 100));
  expect(await states(disk)).toEqual(['-', '<00>612', '<02>612', '<0>512', '<10>612', '<12>612', '<1>512', '<>0']);
});

test('flushed data without a flushed name, a flushed name without flushed data, and both', async () => {
  const disk = new PowerCutDisk();
  const file = await disk.create('/f');
  await file.write(sector(1));
  await file.datasync();
  expect(await states(disk)).toEqual(['-', '<1>512']);
  await disk.syncDirectory('/');
  expect(await states(disk)).toEqual(['<1>512']);
  await disk.unlink('/f');
  expect(await states(disk)).toEqual(['-', '<1>512']);
});

test('a name in a new directory is as durable as the name of the directory', async () => {
  const disk = new PowerCutDisk();
  await disk.mkdir('/d');
  await disk.create('/d/f');
  await disk.syncDirectory('/d');
  expect(await states(disk, '/d/f')).toEqual(['-', '<>0']);
  await disk.syncDirectory('/');
  expect(await states(disk, '/d/f')).toEqual(['<>0']);
});

test('names are reordered: the later of two may be there without the earlier', async () => {
  const disk = new PowerCutDisk();
  await disk.create('/a');
  await disk.create('/f');
  const both = new Set<string>();
  await forEachChoice(
    async (choose) => {
      both.add([...(await disk.afterPowerCut(disk.history.length, choose).readdir('/'))].join());
    },
    { limit: 100, random: () => 0 },
  );
  expect([...both].sort()).toEqual(['', 'a', 'a,f', 'f']);
});

test('what a failed flush should have written, no later flush writes', async () => {
  const disk = new PowerCutDisk();
  disk.failingFlush = 1;
  await disk.create('/f');
  await expect(disk.syncDirectory('/')).rejects.toMatchObject({ code: 'EIO' });
  await disk.syncDirectory('/');
  expect(await states(disk)).toEqual(['-', '<>0']);
  await disk.unlink('/f');
  await disk.syncDirectory('/');
  expect(await states(disk)).toEqual(['-']);
});

test('power can be cut again after a restart', async () => {
  const disk = new PowerCutDisk();
  await disk.create('/f');
  await disk.syncDirectory('/');
  const again = disk.afterPowerCut(disk.history.length, () => 0);
  await again.unlink('/f');
  expect(await states(again)).toEqual(['-', '<>0']);
});

test.each([
  ['open', (disk: PowerCutDisk) => disk.open('/none'), 'ENOENT'],
  ['open in a file', (disk: PowerCutDisk) => disk.open('/f/x'), 'ENOTDIR'],
  ['create', (disk: PowerCutDisk) => disk.create('/f'), 'EEXIST'],
  ['link', (disk: PowerCutDisk) => disk.link('/d', '/f'), 'EEXIST'],
  ['unlink', (disk: PowerCutDisk) => disk.unlink('/d'), 'EISDIR'],
  ['rmdir', (disk: PowerCutDisk) => disk.rmdir('/d'), 'ENOTEMPTY'],
])('%s fails as the system does', async (_, call, code) => {
  const disk = new PowerCutDisk();
  await disk.create('/f');
  await disk.mkdir('/d');
  await disk.create('/d/x');
  await expect(call(disk)).rejects.toMatchObject({ code });
});

test('choices that are too many are sampled, with none and all among them', async () => {
  const seen: string[] = [];
  let seed = 1;
  const run = async (choose: (options: number) => number) => {
    seen.push(Array.from({ length: 10 }, () => choose(2)).join(''));
  };
  const random = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % below;
  expect(await forEachChoice(run, { limit: 50, random })).toEqual({ runs: 100, exhaustive: false });
  expect(seen).toContain('0000000000');
  expect(seen).toContain('1111111111');
});
