import { keys, type Commit } from '@coffer/storage-ports';
import { describe, expect, inject, it } from 'vitest';
import { administer, freshSchema } from './databases.ts';

const port = inject('postgresPort');
const writers = 32;
const each = process.env['COFFER_SCALE_SHORT'] === undefined ? 60 : 10;

/** What an upload's commit is about: a new name, beside the names that others are making at the moment. */
function upload(number: number): Commit {
  const name = `photo-${`${number}`.padStart(8, '0')}.jpg`;
  const fileId = `file-${`${number}`.padStart(8, '0')}`;
  return {
    expectations: [{ table: 'nameHeads', key: keys.nameHeads('bucket', name), is: 'absent' }],
    writes: [
      { table: 'nameHeads', key: keys.nameHeads('bucket', name), put: { newestTimestamp: 1, current: null } },
      { table: 'visibleNames', key: keys.visibleNames('bucket', name), put: { fileId, uploadTimestamp: 1 } },
      { table: 'fileIds', key: keys.fileIds(fileId), put: { bucketId: 'bucket', name, uploadTimestamp: 1 } },
    ],
  };
}

async function undone(): Promise<number> {
  const text = 'SELECT xact_rollback AS n FROM pg_stat_database WHERE datname = current_database()';
  return Number((await administer(port, text))[0]?.['n']);
}

describe.each(['read committed', 'serializable'] as const)('%s', (isolation) => {
  it('new names beside each other are committed at once', async () => {
    const fresh = await freshSchema(port, { isolation, connections: writers / 2 });
    const handles = [await fresh.open(), await fresh.open()];
    const before = await undone();
    let next = 0;
    const loop = async (_: unknown, i: number) => {
      for (let n = 0; n < each; n++) await handles[i % 2]!.commit(upload(next++));
    };
    const began = performance.now();
    await Promise.all(Array.from({ length: writers }, loop));
    const seconds = (performance.now() - began) / 1_000;
    for (const handle of handles) await handle.close();
    // Sessions tell their statistics when they end.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const retries = (await undone()) - before;
    const perSecond = Math.round((writers * each) / seconds);
    console.log(`${isolation}: ${writers * each} commits, ${perSecond} a second, ${retries} undone by the server`);
    if (isolation === 'read committed') expect(retries).toBe(0);
    await fresh.drop();
  });
});
