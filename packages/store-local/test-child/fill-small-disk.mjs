// Fills the store in argv[2], which is on a small file system of its own, by the steps below, and prints what happened
// as JSON.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TextEncoder } from 'node:util';
import { openLocalStore } from '@coffer/store-local';

const directory = process.argv[2];
let store = await openLocalStore({ directory });
const unhandled = [];
process.on('unhandledRejection', (error) => unhandled.push(String(error)));

const key = (n) => new TextEncoder().encode(`i${n}`);
const outcome = (promise) =>
  promise.then(
    () => 'done',
    (error) => error.code,
  );
const put = (n, size) =>
  outcome(
    store.metadata.commit({
      expectations: [],
      writes: [{ table: 'inlineBlobs', key: key(n), put: new Uint8Array(size).fill(n) }],
    }),
  );
const remove = (n) =>
  outcome(store.metadata.commit({ expectations: [], writes: [{ table: 'inlineBlobs', key: key(n), delete: true }] }));
const blob = (id, length) => {
  async function* stream() {
    for (let left = length; left > 0; left -= 65_536) yield new Uint8Array(Math.min(left, 65_536)).fill(1);
  }
  return outcome(store.blobs.write(id, stream()));
};
const rows = async () => {
  const all = { start: new Uint8Array(), end: undefined, limit: 10_000 };
  return (await store.metadata.scan('inlineBlobs', all)).length;
};

const seen = {};
seen.blobBefore = await blob('aafirst', 1_000_000);
// Records until one fails, then smaller ones, so that not a page is left.
let acknowledged = 0;
for (const size of [200_000, 20_000, 2_000, 10]) {
  while ((seen.full = await put(acknowledged, size)) === 'done') acknowledged++;
}
seen.blob = await blob('bbsecond', 5_000_000);
seen.blobs = await store.blobs.list({ limit: 10 });
seen.rowsWhenFull = (await rows()) === acknowledged;
// Deletes go through, with what was kept back for them; nothing else does until there is space again.
seen.deletes = await remove(0);
for (let n = 1; n < 10 && seen.deletes === 'done'; n++) seen.deletes = await remove(n);
seen.rowsAfterDeletes = (await rows()) === acknowledged - 10;
seen.stillFull = await put('later', 10);
await store.close();

// A full disk can be opened.
store = await openLocalStore({ directory });
seen.rowsReopened = (await rows()) === acknowledged - 10;
seen.deleteReopened = await remove(10);
await store.blobs.delete('aafirst');
await rm(join(directory, '..', 'ballast'));
seen.recovered = await put('later', 10);
seen.blobRecovered = await blob('ccthird', 1_000_000);
await store.close();
console.log(JSON.stringify({ ...seen, enough: acknowledged > 20, unhandled }));
