import { openFileBlobStore } from '@coffer/store-local';
import type { BlobStore } from '@coffer/storage-ports';
import { liveArrayBuffers } from '@coffer/storage-testkit';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { openTarget } from './open-target.ts';

const mebibyte = 1024 * 1024;
const length = 64 * mebibyte;
const piece = Buffer.alloc(256 * 1024, 'coffer');
const isShort = process.env['COFFER_SCALE_SHORT'] === '1';
const rounds = isShort ? 1 : 5;

async function* stream(bytes = length): AsyncGenerator<Uint8Array, void> {
  for (let sent = 0; sent < bytes; sent += piece.length) {
    await Promise.resolve();
    yield piece;
  }
}

async function read(store: BlobStore, blobId: string): Promise<number> {
  let count = 0;
  for await (const bytes of await store.read(blobId)) count += bytes.length;
  return count;
}

/** MiB per second, up and down: medians. */
async function measure(store: BlobStore): Promise<{ readonly up: number; readonly down: number }> {
  const up: number[] = [];
  const down: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    expect(await store.write(`r${round}`, stream())).toBe(length);
    const written = performance.now();
    expect(await read(store, `r${round}`)).toBe(length);
    up.push(64_000 / (written - began));
    down.push(64_000 / (performance.now() - written));
    await store.delete(`r${round}`);
  }
  return { up: median(up), down: median(down) };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** Tells figures, which are no verdicts: they depend on the machine and on what else it does. */
test('64 MiB up and down, against the embedded store', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'coffer-scale-'));
  const local = await openFileBlobStore(folder);
  const base = await measure(local);
  const rows = [{ name: 'embedded store', ...base }];
  for (const target of inject('s3Targets')) {
    const { store, dispose } = await openTarget(target, {}, { endpoint: target.endpoint });
    rows.push({ name: target.name, ...(await measure(store)) });
    await store.close();
    await dispose?.();
  }
  await local.close();
  await rm(folder, { recursive: true });
  const load = (loadavg()[0] ?? 0).toFixed(1);
  const lines = rows.map(({ name, up, down }) => {
    const ratios = `${(up / base.up).toFixed(2)} ${(down / base.down).toFixed(2)}`;
    return `${name}: ${up.toFixed(0)} MiB/s up, ${down.toFixed(0)} down, of the embedded store ${ratios}`;
  });
  process.stdout.write(`${lines.join('\n')}\nload average ${load}, median of ${rounds}\n`);
  expect(rows.every(({ up, down }) => up > 0 && down > 0)).toBe(true);
});

// Memory is this process's, whichever the store: one is enough for the short form.
for (const target of inject('s3Targets').slice(isShort ? -1 : 0))
  test(`${target.name}: 24 large writes and 24 reads at once stay within the memory that they are given`, async () => {
    const memory = 32 * mebibyte;
    const { store, dispose } = await openTarget(target, {}, { memory });
    await store.write('read', stream(12 * mebibyte));
    const live = liveArrayBuffers();
    const before = live();
    let peak = 0;
    const watching = setInterval(() => {
      peak = Math.max(peak, live() - before);
    }, 300);
    const writes = Array.from({ length: 24 }, (_, i) => store.write(`w${i}`, stream(12 * mebibyte)));
    const reads = Array.from({ length: 24 }, () => read(store, 'read'));
    expect(await Promise.all([...writes, ...reads])).toEqual(Array.from({ length: 48 }, () => 12 * mebibyte));
    clearInterval(watching);
    // Besides the parts: of each write its first buffers, of each read a frame and what its connection holds; and the
    // proxy of this test, which holds some of all that passes.
    expect(peak).toBeLessThan(memory + 48 * 2 * mebibyte);
    process.stdout.write(`${target.name}: ${(peak / mebibyte).toFixed(1)} MiB at most\n`);
    await store.close();
    await dispose?.();
  });
