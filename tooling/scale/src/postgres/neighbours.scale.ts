import { keys, type Commit, type MetadataStore } from '@coffer/storage-ports';
import { describe, expect, it } from 'vitest';
import { administer, freshSchema } from './databases.ts';
import { startPostgres } from './postgres-server.ts';

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

describe.each(['read committed', 'serializable'] as const)('%s', (isolation) => {
  it('new names beside each other are committed at once', async () => {
    // Commits that wait some milliseconds for their disk or their standby, as they do outside of tests.
    const server = await startPostgres({
      settings: { fsync: 'on', commit_delay: '5000', commit_siblings: '1' },
    });
    const undone = async (): Promise<number> => {
      const text = 'SELECT xact_rollback AS n FROM pg_stat_database WHERE datname = current_database()';
      return Number((await administer(server.port, text))[0]?.['n']);
    };
    const fresh = await freshSchema(server.port, { isolation, connections: 1, operationLimit: 120_000 });
    const handles = await Promise.all(Array.from({ length: writers }, () => fresh.open()));
    let next = 0;
    const loop = async (store: MetadataStore, times: number) => {
      for (let n = 0; n < times; n++) await store.commit(upload(next++));
    };
    // Sessions plan their statements at first.
    await Promise.all(handles.map((handle) => loop(handle, 2)));
    const began = performance.now();
    await Promise.all(handles.map((handle) => loop(handle, each)));
    const seconds = (performance.now() - began) / 1_000;
    for (const handle of handles) await handle.close();
    // Sessions tell their statistics when they end.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const retries = await undone();
    const perSecond = Math.round((writers * each) / seconds);
    console.log(`${isolation}: ${writers * each} commits, ${perSecond} a second, ${retries} undone by the server`);
    if (isolation === 'read committed') expect(retries).toBe(0);
    await server.remove();
  });
});
