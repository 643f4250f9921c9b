// Fills the store in argv[2] until a commit and a blob fail, under a limit on the size of files (ulimit -f), and prints
// what happened.
import { TextEncoder } from 'node:util';
import { openLocalStore } from '@coffer/store-local';

const store = await openLocalStore({ directory: process.argv[2] });
const unhandled = [];
process.on('unhandledRejection', (error) => unhandled.push(String(error)));

const commit = (n) =>
  store.metadata
    .commit({
      expectations: [],
      writes: [{ table: 'inlineBlobs', key: new TextEncoder().encode(`i${n}`), put: new Uint8Array(60_000).fill(n) }],
    })
    .then(
      () => 'done',
      (error) => error.code,
    );

let acknowledged = 0;
let commitFailure = 'done';
while (commitFailure === 'done') {
  commitFailure = await commit(acknowledged);
  if (commitFailure === 'done') acknowledged++;
}
const next = await commit(acknowledged);
const rows = await store.metadata.scan('inlineBlobs', { start: new Uint8Array(), end: undefined, limit: 10_000 });

async function* stream() {
  for (;;) yield new Uint8Array(65_536);
}
const blobFailure = await store.blobs.write('big', stream()).then(
  () => 'done',
  (error) => error.code,
);
const blobs = await store.blobs.list({ limit: 10 });
const leftovers = await store.blobs.sweep();
await store.close();
console.log(
  JSON.stringify({ acknowledged, commitFailure, next, rows: rows.length, blobFailure, blobs, leftovers, unhandled }),
);
