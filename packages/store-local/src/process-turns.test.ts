import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keys } from '@coffer/storage-ports';
import { openLocalStore } from './index.ts';
import { inTurn } from './process-turns.ts';

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'coffer-turns-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

test('a store is opened again and again, by either name, while another handle of the process commits all the time', async () => {
  const root = await temporaryDirectory();
  const directory = join(root, 'data');
  const writer = await openLocalStore({ directory });
  await symlink(directory, join(root, 'other-name'));
  const state = { isDone: false, commits: 0 };
  const writing = (async () => {
    for (; !state.isDone; state.commits++) {
      const key = keys.blobReferences(`blob${state.commits}`);
      const put = { fileId: 'file', partNumber: 0 };
      await writer.metadata.commit({ expectations: [], writes: [{ table: 'blobReferences', key, put }] });
    }
  })();
  for (let round = 0; round < 40; round++) {
    const other = await openLocalStore({ directory: round % 2 === 0 ? directory : join(root, 'other-name') });
    expect(await other.metadata.get('blobReferences', keys.blobReferences('none'))).toBeUndefined();
    await other.close();
  }
  state.isDone = true;
  await writing;
  expect(state.commits).toBeGreaterThan(40);
  await writer.close();
});

test('turns of one place come one after the other, and one that fails holds up none', async () => {
  const order: string[] = [];
  const take = (place: string, name: string, fails = false) =>
    inTurn(place, async () => {
      order.push(`${name} begins`);
      await new Promise(setImmediate);
      order.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const all = await Promise.allSettled([take('/x', 'a', true), take('/x', 'b'), take('/y', 'c')]);
  expect(all.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(order.filter((entry) => !entry.startsWith('c'))).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  expect(order.indexOf('c begins')).toBeLessThan(order.indexOf('a ends'));
});
