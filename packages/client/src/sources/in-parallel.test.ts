import { fc, test } from '@fast-check/vitest';
import { describe, expect, it, vi } from 'vitest';
import { bytes, caught } from '../../test/caught.ts';
import { inParallel } from './in-parallel.ts';
import { byteStream, placedParts, streamedParts, type SourcePart } from './upload-source.ts';

async function* numbers(count: number, onEnd: () => void = () => {}): AsyncGenerator<number, void> {
  try {
    for (let number = 0; number < count; number++) yield number;
  } finally {
    onEnd();
  }
}

describe('inParallel', () => {
  test.prop([fc.nat(40), fc.integer({ min: 1, max: 8 })])(
    'runs each once, no more than so many at a time',
    async (count, limit) => {
      const done: number[] = [];
      let running = 0;
      let most = 0;
      await inParallel(numbers(count), limit, undefined, async (number) => {
        most = Math.max(most, ++running);
        await new Promise(setImmediate);
        done.push(number);
        running--;
      });
      expect(done.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index));
      expect(most).toBe(Math.min(count, limit));
    },
  );

  it('throws the first failure when all have ended, and asks for nothing more', async () => {
    let ended = false;
    let aborted = 0;
    const run = inParallel(
      numbers(100, () => (ended = true)),
      3,
      undefined,
      (number, signal) =>
        number === 1
          ? Promise.reject(new Error('one'))
          : new Promise((_, reject) => {
              signal.addEventListener('abort', () => {
                aborted++;
                reject(new Error('aborted'));
              });
            }),
    );
    await expect(run).rejects.toThrow('one');
    await vi.waitUntil(() => ended);
    expect(aborted).toBeLessThanOrEqual(2);
  });

  it('is aborted from outside', async () => {
    const stop = new AbortController();
    const run = inParallel(numbers(100), 2, stop.signal, async (number) => {
      if (number === 5) stop.abort(new Error('enough'));
    });
    await expect(run).rejects.toThrow('enough');
  });

  it('waits for no item that never comes', async () => {
    const stop = new AbortController();
    async function* stalled(): AsyncGenerator<number, void> {
      yield 1;
      await new Promise(() => {});
    }
    const failing = inParallel(stalled(), 2, undefined, () => Promise.reject(new Error('one')));
    await expect(failing).rejects.toThrow('one');
    const aborted = inParallel(stalled(), 2, stop.signal, async () => {
      stop.abort(new Error('enough'));
    });
    await expect(aborted).rejects.toThrow('enough');
  });

  it.each([0, -1, NaN, 1.5, Infinity])('refuses to run %d at a time', async (limit) => {
    const run = inParallel(numbers(3), limit, undefined, async () => {});
    expect(await caught(run)).toMatchObject({ code: 'invalid_request', field: 'parallel' });
  });

  it('throws what the items throw', async () => {
    async function* broken(): AsyncGenerator<number, void> {
      yield 1;
      throw new Error('of the source');
    }
    await expect(inParallel(broken(), 4, undefined, async () => {})).rejects.toThrow('of the source');
  });
});

describe('parts', () => {
  const text = (parts: SourcePart[]) =>
    Promise.all(
      parts.map(async ({ number, body }) => `${number}:${await new Blob([body as Uint8Array<ArrayBuffer>]).text()}`),
    );
  const all = async (parts: AsyncIterable<SourcePart> | Iterable<SourcePart>) => {
    const found: SourcePart[] = [];
    for await (const part of parts) found.push(part);
    return text(found);
  };
  const expected = ['1:abcd', '2:efgh', '3:ij'];

  it('are the same of every kind of data', async () => {
    const data = bytes('abcdefghij');
    expect(await all(placedParts(data, 4))).toEqual(expected);
    expect(await all(placedParts(new Blob([data as Uint8Array<ArrayBuffer>]), 4))).toEqual(expected);
    expect(await all(streamedParts(new Blob([data as Uint8Array<ArrayBuffer>]).stream(), 4))).toEqual(expected);
    expect(await all(streamedParts(byteStream(data), 4))).toEqual(expected);
  });
});
