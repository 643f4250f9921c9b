import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodeCommit } from './encoded-commit.ts';
import { GroupCommit } from './group-commit.ts';
import { SpaceReserve } from './space-reserve.ts';
import { openLmdb, type LmdbEnvironment } from './lmdb-environment.ts';

let directory = '';
let environment: LmdbEnvironment;
let reserve: SpaceReserve;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'coffer-group-'));
  environment = await openLmdb(directory);
  reserve = new SpaceReserve(join(directory, 'reserve'), 1);
});
afterEach(async () => {
  await environment.root.close();
  await rm(directory, { recursive: true });
});

const key = (text: string) => new TextEncoder().encode(text);

test('a thousand concurrent small commits share a few flushes', async () => {
  const group = new GroupCommit(environment, reserve);
  const put = (n: number) => ({ table: 'counters', key: key(`k${n}`), put: { last: n } }) as const;
  const commits = Array.from({ length: 1_000 }, (_, n) =>
    encodeCommit(environment, { expectations: [], writes: [put(n)] }),
  );
  await Promise.all(commits.map((commit) => group.add(commit)));
  expect(group.transactions).toBeLessThanOrEqual(2);
});

test('large commits are spread over several transactions', async () => {
  const group = new GroupCommit(environment, reserve);
  const put = (n: number) =>
    ({ table: 'inlineBlobs', key: key(`k${n}`), put: new Uint8Array(3_000_000).fill(n) }) as const;
  const commits = Array.from({ length: 10 }, (_, n) =>
    encodeCommit(environment, { expectations: [], writes: [put(n)] }),
  );
  await Promise.all(commits.map((commit) => group.add(commit)));
  expect(group.transactions).toBe(5);
});

test('a write that throws takes back its whole group, and the next commit goes through', async () => {
  const group = new GroupCommit(environment, reserve);
  const good = encodeCommit(environment, {
    expectations: [],
    writes: [{ table: 'counters', key: key('a'), put: { last: 1 } }],
  });
  const [write] = good.writes;
  // Longer than LMDB takes, which encodeCommit would have refused.
  const bad = { ...good, writes: write ? [{ ...write, key: new Uint8Array(5_000) }] : [] };
  const results = await Promise.allSettled([group.add(good), group.add(bad)]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  environment.root.resetReadTxn();
  expect(environment.table('counters').get(key('a'))).toBeUndefined();
  await group.add(good);
  expect(environment.table('counters').get(key('a'))).toBeDefined();
});
