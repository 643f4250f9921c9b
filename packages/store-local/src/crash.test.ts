import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { collect } from '@coffer/bytes';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLocalStore, type LocalStore } from './index.ts';

const child = (name: string) => fileURLToPath(new URL(`../test-child/${name}`, import.meta.url));
const register = fileURLToPath(new URL('../../../tooling/config/run-source/register.mjs', import.meta.url));
const nodeArguments = ['--conditions=@coffer/source', `--import=${register}`];
const key = (text: string) => new TextEncoder().encode(text);

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'coffer-crash-'));
});
afterEach(() => rm(directory, { recursive: true }));

/**
 * Runs the workload in a child process, kills it once it has reported `lines` lines, and returns what was acknowledged.
 */
async function killedWorkload(prefix: string, lines: number): Promise<readonly string[]> {
  const process_ = spawn(process.execPath, [...nodeArguments, child('write-workload.mjs'), directory, prefix], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    process_.once('exit', (_code, signal) => {
      resolve(signal);
    }),
  );
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: process_.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === lines) process_.kill('SIGKILL');
  }
  expect(await ended).toBe('SIGKILL');
  return acknowledged;
}

async function expectAcknowledged(store: LocalStore, prefix: string, acknowledged: readonly string[]): Promise<void> {
  for (const line of acknowledged) {
    const [kind, number] = line.split(' ');
    const n = Number(number);
    if (kind === 'commit') {
      expect((await store.metadata.get('counters', key(`${prefix}c${n}`)))?.value).toEqual({ last: n });
      const inline = (await store.metadata.get('inlineBlobs', key(`${prefix}i${n}`)))?.value;
      expect(Buffer.compare(inline ?? Buffer.of(), new Uint8Array(n % 3_000).fill(n))).toBe(0);
    } else {
      const bytes = await collect(await store.blobs.read(`${prefix}b${n}`), 1_000_000);
      expect(Buffer.compare(bytes, new Uint8Array((n % 7) * 50_000).fill(n))).toBe(0);
    }
  }
}

/** What was not acknowledged is there whole or not at all. */
async function expectWhole(store: LocalStore): Promise<void> {
  const all = { start: new Uint8Array(), end: undefined, limit: 10_000 };
  const [counters, inline] = [
    await store.metadata.scan('counters', all),
    await store.metadata.scan('inlineBlobs', all),
  ];
  expect(inline.length).toBe(counters.length);
  for (const blobId of await store.blobs.list({ limit: 10_000 }))
    expect(await store.blobs.size(blobId)).toBe((Number(blobId.replace(/^.*b/, '')) % 7) * 50_000);
}

test('killed in the middle of writing: everything acknowledged is there, the rest whole or not at all', async () => {
  for (const [round, lines] of [50, 300, 1_000].entries()) {
    const acknowledged = await killedWorkload(`r${round}`, lines);
    expect(acknowledged.length).toBeGreaterThanOrEqual(lines);
    const store = await openLocalStore({ directory });
    try {
      await expectAcknowledged(store, `r${round}`, acknowledged);
      await expectWhole(store);
      await store.blobs.sweep();
      expect(await readdir(join(directory, 'blobs', 'tmp'))).toEqual([]);
      await store.metadata.commit({ expectations: [], writes: [{ table: 'counters', key: key('x'), delete: true }] });
    } finally {
      await store.close();
    }
  }
});

test('a process that is killed while it writes does not hold up another that has the store open', async () => {
  const store = await openLocalStore({ directory });
  try {
    const put = (n: number) =>
      store.metadata.commit({
        expectations: [],
        writes: [{ table: 'partEpochs', key: key('mine'), put: { partNumber: n } }],
      });
    await put(0);
    const stop = new AbortController();
    const mine = (async () => {
      let n = 0;
      while (!stop.signal.aborted) await put(++n);
      return n;
    })();
    const acknowledged = await killedWorkload('other', 400);
    stop.abort();
    const last = await mine;
    expect((await store.metadata.get('partEpochs', key('mine')))?.value).toEqual({ partNumber: last });
    await expectAcknowledged(store, 'other', acknowledged);
    await expectWhole(store);
    await put(last + 1);
  } finally {
    await store.close();
  }
});

test('a limit that is hit: what was acknowledged stays, nothing else appears, and after opening again it goes on', async () => {
  const command = `ulimit -f 10000; exec "$0" "$@"`;
  const shell = spawn(
    'sh',
    ['-c', command, process.execPath, ...nodeArguments, child('fill-limited-files.mjs'), directory],
    {
      // lmdb-js writes a failing transaction to standard error.
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  let output = '';
  for await (const piece of shell.stdout) output += String(piece);
  const seen = JSON.parse(output) as Record<string, unknown>;
  const acknowledged = Number(seen['acknowledged']);
  expect(acknowledged).toBeGreaterThan(5);
  // LMDB reports the short write as an input/output error; the disk has space, so it is not taken for a full one.
  expect(seen).toEqual({
    acknowledged,
    commitFailure: 'io',
    next: 'io',
    rows: acknowledged,
    blobFailure: 'full',
    blobs: [],
    leftovers: 0,
    unhandled: [],
  });
  const store = await openLocalStore({ directory });
  const rows = await store.metadata.scan('inlineBlobs', { start: new Uint8Array(), end: undefined, limit: 10_000 });
  expect(rows.length).toBe(acknowledged);
  await store.metadata.commit({ expectations: [], writes: [{ table: 'counters', key: key('x'), put: { last: 1 } }] });
  await store.close();
});
