import { expect, it } from 'vitest';
import { placesOf } from './locate.ts';

type File = readonly [path: string, size: number, inode: number, modified: number];
const listing = (...files: readonly File[]) =>
  new Map(files.map(([path, size, inode, modified]) => [path, { size, inode, modified }]));
const before = listing(['log', 100, 1, 1], ['volume', 1000, 2, 1], ['database', 150_100, 3, 1], ['old', 150_001, 4, 1]);
const placesAfter = (length: number, ...files: readonly File[]) =>
  placesOf(before, new Map([...before, ...listing(...files)]), length).map(({ path, from, to }) => [path, from, to]);

it.each<readonly [string, number, readonly File[], readonly (readonly unknown[])[]]>([
  ['a new file', 150_001, [['blob', 150_200, 9, 2]], [['blob', 0, 150_200]]],
  ['a file that was replaced', 150_001, [['old', 150_200, 9, 2]], [['old', 0, 150_200]]],
  ['the end of a file that grew', 150_001, [['volume', 151_100, 2, 2]], [['volume', 1000, 151_100]]],
  ['a file that was written anew', 150_001, [['old', 150_001, 4, 2]], [['old', 0, 150_001]]],
  [
    'both of two copies',
    5000,
    [
      ['a', 5001, 8, 2],
      ['b', 5002, 9, 2],
    ],
    [
      ['a', 0, 5001],
      ['b', 0, 5002],
    ],
  ],
  [
    'a new file rather than one that grew',
    5000,
    [
      ['volume', 6100, 2, 2],
      ['blob', 5016, 9, 2],
    ],
    [['blob', 0, 5016]],
  ],
  [
    'nothing where no change is large enough',
    150_001,
    [
      ['log', 140_000, 1, 2],
      ['blob', 20, 9, 2],
    ],
    [],
  ],
  ['nothing where a change is too large', 150_001, [['volume', 1_000_000, 2, 2]], []],
  ['nothing for a row in a database that grew', 1000, [['database', 154_196, 3, 2]], []],
])('finds %s', (_, length, changed, places) => {
  expect(placesAfter(length, ...changed)).toEqual(places);
});
