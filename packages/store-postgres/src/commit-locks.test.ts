import { fc, test } from '@fast-check/vitest';
import { recordKey, type Commit, type Expectation, type Write } from '@coffer/storage-ports';
import { expect, it } from 'vitest';
import { commitLocks } from './commit-locks.ts';

const key = recordKey('a');
const put = (at: Uint8Array): Write => ({ table: 'counters', key: at, put: { last: 1 } });
const locksOf = (expectations: readonly Expectation[], writes: readonly Write[], schema = 'coffer') =>
  commitLocks(schema, { expectations, writes });

/** Whether the two may not be under way at once. */
function exclude(a: Partial<Commit>, b: Partial<Commit>): boolean {
  const [one, other] = [a, b].map(({ expectations = [], writes = [] }) => locksOf(expectations, writes));
  return (one ?? []).some((lock) =>
    (other ?? []).some(({ id, exclusive }) => lock.id === id && (lock.exclusive || exclusive)),
  );
}

const absent = (at: Uint8Array): Expectation => ({ table: 'counters', key: at, is: 'absent' });
const present = (at: Uint8Array): Expectation => ({ table: 'counters', key: at, is: 'present' });
const appendTo = (prefix: Uint8Array): Write => ({ table: 'counters', prefix, append: { last: 1 } });

it('the ids are those that every process derives, of this version and of others', () => {
  // If this fails, the derivation was changed: processes of both versions would not exclude each other.
  expect(
    locksOf([absent(key)], [put(key), appendTo(key)]).map(({ id, exclusive }) => [id, exclusive]),
  ).toMatchSnapshot();
});

it('a write excludes what expects or writes the same key, and nothing else', () => {
  const other = recordKey('b');
  expect(exclude({ writes: [put(key)] }, { writes: [put(key)] })).toBe(true);
  for (const expected of [absent(key), present(key), { table: 'counters', key, version: 1 } as const])
    expect(exclude({ writes: [put(key)] }, { expectations: [expected] })).toBe(true);
  expect(exclude({ writes: [put(key)] }, { writes: [put(other)], expectations: [absent(other)] })).toBe(false);
  expect(exclude({ writes: [put(key)] }, { writes: [{ table: 'partEpochs', key, delete: true }] })).toBe(false);
});

it('expectations do not exclude each other', () => {
  expect(exclude({ expectations: [present(key)] }, { expectations: [absent(key)] })).toBe(false);
});

it('an empty prefix excludes every commit about its table, and no other', () => {
  const expectations = [{ table: 'counters', emptyPrefix: key } as const];
  expect(exclude({ expectations }, { writes: [put(recordKey('b'))] })).toBe(true);
  expect(exclude({ expectations }, { writes: [appendTo(key)] })).toBe(true);
  expect(exclude({ expectations }, { writes: [{ table: 'parts', key, delete: true }] })).toBe(false);
});

it('appends exclude those to the same prefix only, and who expects one of its keys to be absent', () => {
  expect(exclude({ writes: [appendTo(key)] }, { writes: [appendTo(key)] })).toBe(true);
  expect(exclude({ writes: [appendTo(key)] }, { writes: [appendTo(recordKey('b'))] })).toBe(false);
  expect(exclude({ writes: [appendTo(key)] }, { expectations: [absent(recordKey('a', 7))] })).toBe(true);
  expect(exclude({ writes: [appendTo(key)] }, { expectations: [absent(recordKey('b', 7))] })).toBe(false);
});

it('stores in other schemas do not wait for each other', () => {
  const ids = new Set(locksOf([], [put(key)], 'one').map(({ id }) => id));
  expect(locksOf([], [put(key)], 'two').some(({ id }) => ids.has(id))).toBe(false);
});

const names = fc.string({ maxLength: 12 });
test.prop([fc.array(names, { maxLength: 600 }), fc.array(names, { maxLength: 600 })])(
  'locks are few, ascending and without repetition, and large commits still exclude what they must',
  (written, expected) => {
    const writes = written.map((name) => put(recordKey(name)));
    const locks = locksOf(
      expected.map((name) => present(recordKey(name))),
      writes,
    );
    expect(locks.length).toBeLessThanOrEqual(202);
    for (const [i, { id }] of locks.entries()) if (i > 0) expect(id > (locks[i - 1]?.id ?? id)).toBe(true);
    for (const one of writes.slice(0, 3)) expect(exclude({ writes }, { writes: [one] })).toBe(true);
  },
);
