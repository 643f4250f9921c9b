import type { FileVersionRecord } from '@coffer/storage-ports';
import { expect, test } from 'vitest';
import { VerifiedParts } from './verified-parts.ts';

const versionOf = (fileId: string, changes: Partial<FileVersionRecord> = {}) =>
  ({ fileId, fileInfo: { a: 'b' }, wrapped: Uint8Array.of(1), ...changes }) as unknown as FileVersionRecord;

function open(limit = 100) {
  const lists = new VerifiedParts<number>(limit);
  const verified: string[] = [];
  const read = (version: FileVersionRecord, count = 2) =>
    lists.of(version, async () => {
      await Promise.resolve();
      verified.push(version.fileId);
      return Array.from({ length: count }, (_, index) => index);
    });
  return { lists, verified, read };
}

test('a list is verified once, also for those who ask at the same time', async () => {
  const { verified, read } = open();
  const answers = await Promise.all([read(versionOf('f')), read(versionOf('f')), read(versionOf('g'))]);
  expect(answers).toEqual([
    [0, 1],
    [0, 1],
    [0, 1],
  ]);
  await read(versionOf('f'));
  expect(verified).toEqual(['f', 'g']);
});

test('a record that differs in anything is verified anew', async () => {
  const { verified, read } = open();
  await read(versionOf('f'));
  for (const other of [{ fileInfo: { a: 'c' } }, { wrapped: Uint8Array.of(2) }, { legalHold: 'on' as const }])
    await read(versionOf('f', other));
  await read(versionOf('f'));
  expect(verified).toEqual(['f', 'f', 'f', 'f', 'f']);
});

test('a verification that fails is told to all who wait for it, and tried again by the next', async () => {
  const { lists, verified, read } = open();
  const fail = () => lists.of(versionOf('f'), () => Promise.reject(new Error('not genuine')));
  const outcomes = await Promise.allSettled([fail(), read(versionOf('f'))]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await read(versionOf('f'));
  expect(verified).toEqual(['f']);
});

test('only so many parts are kept: those that were asked for last', async () => {
  const { verified, read } = open(6);
  for (const fileId of ['a', 'b', 'c', 'a', 'd', 'c', 'a', 'd', 'b']) await read(versionOf(fileId));
  expect(verified).toEqual(['a', 'b', 'c', 'd', 'b']);
  await read(versionOf('large', {}), 7);
  await read(versionOf('large', {}), 7);
  expect(verified.slice(5)).toEqual(['large', 'large']);
});
