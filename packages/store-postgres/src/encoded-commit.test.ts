import { recordKey } from '@coffer/storage-ports';
import { expect, it } from 'vitest';
import { encodeCommit } from './encoded-commit.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

it('lays out expectations and writes, keys and values one after the other', () => {
  const { parameters, writes } = encodeCommit(
    'coffer',
    {
      expectations: [
        { table: 'nameHeads', key: bytes(1), is: 'absent' },
        { table: 'parts', emptyPrefix: bytes() },
        { table: 'counters', key: bytes(2, 3), version: 7 },
        // No record has such a version, and it must not be taken for "absent".
        { table: 'counters', key: bytes(2), version: -1 },
      ],
      writes: [
        { table: 'inlineBlobs', key: bytes(4), put: bytes(5, 6) },
        { table: 'parts', key: bytes(7), delete: true },
        { table: 'inlineBlobs', prefix: bytes(), append: bytes(8) },
      ],
    },
    false,
  );
  expect(writes).toBe(3);
  expect(parameters.slice(0, -1)).toEqual([
    ...['{}', '{}'],
    ...['{1,8,16,16}', '{1,0,2,1}', '{-1,-3,7,0}'],
    ...['{6,8,6}', '{1,0,2}', '{1,1,0}', '{2,0,1}'],
  ]);
  expect(parameters.at(-1)).toEqual(Buffer.from([1, 2, 3, 2, 4, 5, 6, 7, 8]));
});

it('shares no memory with the commit', () => {
  const key = recordKey('a');
  const { parameters } = encodeCommit(
    's',
    { expectations: [{ table: 'parts', key, is: 'present' }], writes: [] },
    true,
  );
  key.fill(0);
  expect(parameters.at(-1)).toEqual(Buffer.from(recordKey('a')));
});

it.each([0, 1_401])('refuses a key of %i bytes', (length) => {
  const key = new Uint8Array(length);
  const commit = { expectations: [], writes: [{ table: 'parts', key, delete: true } as const] };
  expect(() => encodeCommit('coffer', commit, true)).toThrow(RangeError);
});
