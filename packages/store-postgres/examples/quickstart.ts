import assert from 'node:assert/strict';
import { keys, StoreError } from '@coffer/storage-ports';
import { migratePostgres, openPostgresStore } from '@coffer/store-postgres';

const url = process.env['COFFER_POSTGRES_URL'];
if (url !== undefined) {
  // Once, and again after each update of the program.
  await migratePostgres({ url, schema: 'quickstart' });

  const store = await openPostgresStore({ url, schema: 'quickstart' });
  const key = keys.counters('uploads');
  const found = await store.get('counters', key);
  const last = (found?.value.last ?? 0) + 1;

  // Of all processes that have read the same, one goes through; the others get `conflict` and read again.
  await store.commit({
    expectations: [
      found ? { table: 'counters', key, version: found.version } : { table: 'counters', key, is: 'absent' },
    ],
    writes: [{ table: 'counters', key, put: { last } }],
  });
  assert.deepEqual((await store.get('counters', key))?.value, { last });
  assert.equal(store.state.is, 'ready');
  await store.close();
} else {
  // No database here: what is wrong is said in one sentence, without the password.
  const opening = openPostgresStore({ url: 'postgres://coffer:secret@127.0.0.1:1/coffer', operationLimit: 500 });
  await assert.rejects(opening, (error) => error instanceof StoreError && !error.message.includes('secret'));
}
