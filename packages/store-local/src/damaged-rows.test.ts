import { keys, type AccountRecord } from '@coffer/storage-ports';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openLmdb } from './lmdb-environment.ts';
import { openLocalStore } from './local-store.ts';

const account = (accountId: string): AccountRecord => ({ accountId, createdAt: 1 });

const damages: Readonly<Record<string, Uint8Array>> = {
  'nothing at all': Uint8Array.of(),
  'half a version': Uint8Array.of(0, 0, 0),
  'no record': Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1),
  // A list of three of which one is there.
  'half a record': Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1, 0x93, 1),
  'a record and more': Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1, 0x01, 0x02),
};

test.each(Object.entries(damages))('a row that is %s is named, and hides no other', async (_, damage) => {
  const directory = await mkdtemp(join(tmpdir(), 'coffer-rows-'));
  const store = await openLocalStore({ directory });
  onTestFinished(async () => {
    await store.close();
    await rm(directory, { recursive: true });
  });
  for (const id of ['a', 'b', 'c']) {
    const write = { table: 'accounts', key: keys.accounts(id), put: account(id) } as const;
    await store.metadata.commit({ expectations: [], writes: [write] });
  }
  const environment = await openLmdb(join(directory, 'metadata'));
  await environment.table('accounts').put(keys.accounts('b'), damage);
  await environment.root.close();
  const row = { table: 'accounts', key: keys.accounts('b') };
  const all = { start: new Uint8Array(0), end: undefined, limit: 10 };
  await expect(store.metadata.get('accounts', row.key)).rejects.toMatchObject({ code: 'damaged', row });
  await expect(store.metadata.scan('accounts', all)).rejects.toMatchObject({ code: 'damaged', row });
  expect(await store.metadata.scan('accounts', { ...all, end: row.key })).toHaveLength(1);
  expect((await store.metadata.get('accounts', keys.accounts('c')))?.value).toEqual(account('c'));
});
