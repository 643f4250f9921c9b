import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readStoreMark, writeStoreMark } from './index.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'coffer-mark-'));
});
afterEach(() => rm(folder, { recursive: true }));

const mark = { storeId: '0123456789abcdef'.repeat(2), formatVersion: 1 };

test('a mark is read as it was written, also over what a crash left', async () => {
  expect(await readStoreMark(folder)).toBeUndefined();
  expect(await readStoreMark(join(folder, 'none'))).toBeUndefined();
  await writeFile(join(folder, 'store.json.tmp'), '{"store');
  await writeStoreMark(folder, mark);
  await writeStoreMark(folder, mark);
  expect(await readStoreMark(folder)).toEqual(mark);
  expect(await readdir(folder)).toEqual(['store.json']);
});

test('the mark of another store stays', async () => {
  await writeStoreMark(folder, mark);
  const before = await readFile(join(folder, 'store.json'));
  for (const other of [
    { ...mark, storeId: 'f'.repeat(32) },
    { ...mark, formatVersion: 2 },
  ])
    await expect(writeStoreMark(folder, other)).rejects.toMatchObject({ name: 'StoreError', code: 'io' });
  expect(await readFile(join(folder, 'store.json'))).toEqual(before);
});

test.each([
  '',
  'x',
  'null',
  '[]',
  '{}',
  '{"storeId":"0123"}',
  `{"storeId":"${mark.storeId}"}`,
  `{"storeId":"${mark.storeId}","formatVersion":"1"}`,
  `{"storeId":"${mark.storeId.toUpperCase()}","formatVersion":1}`,
  `{"storeId":"${mark.storeId}","formatVersion":1,"more":1}`,
])('a garbled mark is an error, and is not written over: %s', async (text) => {
  await writeFile(join(folder, 'store.json'), text);
  await expect(readStoreMark(folder)).rejects.toThrow(/is damaged/);
  await expect(writeStoreMark(folder, mark)).rejects.toThrow(/is damaged/);
  expect(await readFile(join(folder, 'store.json'), 'utf8')).toBe(text);
});
