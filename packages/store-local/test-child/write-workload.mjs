// Writes to the store in argv[2] until it is killed. Reports each acknowledged write as a line `commit N` or `blob N`,
// where a commit puts counter `cN` with N and inline blob `iN`, and the blob `bN` has N % 7 times 50,000 bytes, each N
// & 255.
import { writeSync } from 'node:fs';
import { TextEncoder } from 'node:util';
import { openLocalStore } from '@coffer/store-local';

const [directory, prefix] = process.argv.slice(2);
const store = await openLocalStore({ directory });
const key = (text) => new TextEncoder().encode(prefix + text);
/** Synchronously, so that what was reported before the kill is not lost in this process. */
function report(line) {
  const bytes = new TextEncoder().encode(`${line}\n`);
  for (let written = 0; written < bytes.length;) written += writeSome(bytes.subarray(written));
}

/** How many bytes standard output took: none while the reader is behind. */
function writeSome(bytes) {
  try {
    return writeSync(1, bytes);
  } catch (error) {
    if (error.code !== 'EAGAIN') throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    return 0;
  }
}

async function commits(from, step) {
  for (let n = from; ; n += step) {
    const writes = [
      { table: 'counters', key: key(`c${n}`), put: { last: n } },
      { table: 'inlineBlobs', key: key(`i${n}`), put: new Uint8Array(n % 3_000).fill(n) },
    ];
    await store.metadata.commit({ expectations: [{ table: 'counters', key: key(`c${n}`), is: 'absent' }], writes });
    report(`commit ${n}`);
  }
}

async function blobs(from, step) {
  for (let n = from; ; n += step) {
    async function* stream() {
      for (let i = 0; i < n % 7; i++) yield new Uint8Array(50_000).fill(n);
    }
    await store.blobs.write(`${prefix}b${n}`, stream());
    report(`blob ${n}`);
  }
}

await Promise.all([...[0, 1, 2, 3, 4, 5, 6, 7].map((i) => commits(i, 8)), ...[0, 1, 2, 3].map((i) => blobs(i, 4))]);
