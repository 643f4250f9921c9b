import { expect, test } from 'vitest';
import { compareKeys } from './record-key.ts';
import { keys, tableNames } from './tables.ts';

test('every table has a name and a key', () => {
  expect([...tableNames].sort()).toEqual(Object.keys(keys).sort());
  expect(new Set(tableNames).size).toBe(tableNames.length);
});

test('versions are ordered by bucket, name, newest first, then file id', () => {
  const ordered = [
    keys.fileVersions('b1', 'a', 2, 'f1'),
    keys.fileVersions('b1', 'a', 2, 'f2'),
    keys.fileVersions('b1', 'a', 1, 'f0'),
    keys.fileVersions('b1', 'a/b', 9, 'f0'),
    keys.fileVersions('b1', 'b', 1, 'f0'),
    keys.fileVersions('b1', '\uffee', 1, 'f0'),
    keys.fileVersions('b1', '\u{1f600}', 1, 'f0'),
    keys.fileVersions('b2', 'a', 1, 'f0'),
  ];
  expect([...ordered].reverse().sort(compareKeys)).toEqual(ordered);
});

test('parts are ordered by number', () => {
  const ordered = [1, 2, 10, 255, 256, 10_000].map((part) => keys.parts('f', part));
  expect([...ordered].reverse().sort(compareKeys)).toEqual(ordered);
});

test('bucket names are unique without regard to case', () => {
  expect(keys.bucketNames('My-Bucket')).toEqual(keys.bucketNames('my-bucket'));
});

test('the key of the longest name, with room for ids, is within 1,400 bytes', () => {
  const name = 'n'.repeat(1_024);
  expect(keys.fileVersions('b'.repeat(24), name, Number.MAX_SAFE_INTEGER, 'f'.repeat(200)).length).toBeLessThan(1_400);
});
