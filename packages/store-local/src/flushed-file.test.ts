import { describe, expect, test } from 'vitest';
import type { BlobFile } from '@coffer/storage-ports';
import { flushedAlongTheWay } from './flushed-file.ts';

const disk = (code: string) => Object.assign(new Error('disk'), { code });

/** A file whose flushes end when the test says so. */
function slowFile() {
  const flushes: { readonly end: () => void; readonly fail: (code: string) => void }[] = [];
  const calls: string[] = [];
  let written = 0;
  const file: BlobFile = {
    read: () => Promise.resolve(0),
    write: (bytes) => {
      calls.push('write');
      written += bytes.length;
      return Promise.resolve(bytes.length);
    },
    datasync: () =>
      new Promise((resolve, reject) => {
        calls.push('datasync');
        flushes.push({
          end: resolve,
          fail: (code) => {
            reject(disk(code));
          },
        });
      }),
    size: () => Promise.resolve(written),
    close: () => {
      calls.push('close');
      return Promise.resolve();
    },
  };
  return { file, flushes, calls };
}

const turn = () => new Promise(setImmediate);
const piece = new Uint8Array(100);

describe('a file that is flushed along the way', () => {
  test('is flushed after so many bytes, one flush at a time, and writing goes on meanwhile', async () => {
    const { file, flushes, calls } = slowFile();
    const flushed = flushedAlongTheWay(file, 200);
    for (let i = 0; i < 6; i++) await flushed.write(piece);
    expect(calls).toEqual(['write', 'write', 'datasync', 'write', 'write', 'write', 'write']);
    flushes[0]?.end();
    await turn();
    // What was written during the flush counts for the next one.
    await flushed.write(piece);
    expect(flushes).toHaveLength(2);
    flushes[1]?.end();
    await turn();
    const last = flushed.datasync();
    await turn();
    flushes[2]?.end();
    await last;
    await flushed.close();
    expect(calls.slice(7)).toEqual(['write', 'datasync', 'datasync', 'close']);
  });

  test('of few bytes is flushed at its end only', async () => {
    const { file, flushes, calls } = slowFile();
    const flushed = flushedAlongTheWay(file, 200);
    await flushed.write(piece);
    const last = flushed.datasync();
    await turn();
    flushes[0]?.end();
    await last;
    expect(calls).toEqual(['write', 'datasync']);
  });

  test('waits for such a flush before its last one, and before it is closed', async () => {
    for (const act of ['datasync', 'close'] as const) {
      const { file, flushes, calls } = slowFile();
      const flushed = flushedAlongTheWay(file, 100);
      await flushed.write(piece);
      const acting = flushed[act]();
      await turn();
      expect(calls).toEqual(['write', 'datasync']);
      flushes[0]?.end();
      await turn();
      expect(calls).toEqual(['write', 'datasync', act]);
      flushes[1]?.end();
      await acting;
    }
  });

  test.each([
    ['EIO', 'io'],
    ['ENOSPC', 'full'],
  ])('is of no use after such a flush failed with %s: the system tells that once only', async (errno, code) => {
    const { file, flushes, calls } = slowFile();
    const flushed = flushedAlongTheWay(file, 100);
    await flushed.write(piece);
    flushes[0]?.fail(errno);
    await turn();
    const failure = { name: 'StoreError', code, message: `Flushing the blob failed: ${errno}` };
    await expect(flushed.write(piece)).rejects.toMatchObject(failure);
    await expect(flushed.datasync()).rejects.toMatchObject(failure);
    await expect(flushed.datasync()).rejects.toMatchObject(failure);
    await flushed.close();
    expect(calls).toEqual(['write', 'datasync', 'close']);
  });

  test('that waits for such a flush at its end hears of its failure', async () => {
    const { file, flushes } = slowFile();
    const flushed = flushedAlongTheWay(file, 100);
    await flushed.write(piece);
    const last = flushed.datasync();
    flushes[0]?.fail('EIO');
    await expect(last).rejects.toMatchObject({ code: 'io' });
    expect(flushes).toHaveLength(1);
  });

  test('leaves threads to others: two such flushes are under way at most', async () => {
    const files = Array.from({ length: 4 }, slowFile);
    const all = files.map(({ file }) => flushedAlongTheWay(file, 100));
    for (const flushed of all) await flushed.write(piece);
    const begun = () => files.map(({ flushes }) => flushes.length);
    expect(begun()).toEqual([1, 1, 0, 0]);
    files[0]?.flushes[0]?.fail('EIO');
    await turn();
    for (const flushed of all.slice(1)) await flushed.write(piece);
    expect(begun()).toEqual([1, 1, 1, 0]);
    for (const { flushes } of files) flushes[0]?.end();
    for (const flushed of all) await flushed.close();
  });
});
