import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { ChunkStream, type ChunkWork } from './chunk-stream.ts';

/** Makes runs of these lengths, each byte the number of its run, and writes down what happens to it. */
function work(lengths: readonly number[], log: string[] = [], failing?: 'next' | 'into'): ChunkWork {
  let at = 0;
  let ended = false;
  return {
    next: async () => {
      await Promise.resolve();
      if (failing === 'next' && at === 1) throw new Error('next');
      const length = ended ? undefined : lengths[at];
      if (length === undefined) return undefined;
      const into = (target: Uint8Array) => {
        if (failing === 'into' && at === 1) throw new Error('into');
        expect(target).toHaveLength(length);
        target.fill(++at);
      };
      return { length, into };
    },
    end: async () => {
      await Promise.resolve();
      if (!ended) log.push('ended');
      ended = true;
    },
  };
}

const expected = (lengths: readonly number[]) => lengths.flatMap((length, i) => Array<number>(length).fill(i + 1));
const lengths = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 12 });

describe('a chunk stream', () => {
  property.prop([lengths, fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 5 })])(
    'gives the same bytes by pieces and into memory of any length, in turns',
    async (made, rooms) => {
      const log: string[] = [];
      const stream = new ChunkStream(work(made, log), 12);
      const bytes: number[] = [];
      for (let turn = 0, over = false; !over; turn++) {
        const room = rooms[turn % rooms.length] ?? 0;
        if (room === 0) {
          const next = await stream.next();
          over = next.done === true;
          if (next.done !== true) bytes.push(...next.value);
        } else {
          const target = new Uint8Array(room);
          const count = await stream.fill(target);
          expect(count).toBeLessThanOrEqual(room);
          over = count === 0;
          bytes.push(...target.subarray(0, count));
        }
      }
      expect(bytes).toEqual(expected(made));
      expect(log).toEqual(['ended']);
      expect(await stream.fill(new Uint8Array(5))).toBe(0);
      expect(await stream.next()).toEqual({ done: true, value: undefined });
    },
  );

  it('fills no room without asking for anything', async () => {
    expect(await new ChunkStream(work([3]), 3).fill(new Uint8Array(0))).toBe(0);
  });

  it.each(['next', 'into'] as const)('ends with the failure of %s', async (where) => {
    for (const use of ['piece', 'fill'] as const) {
      const log: string[] = [];
      const stream = new ChunkStream(work([1, 2, 3], log, where), 3);
      const all = async () => {
        if (use === 'piece') for await (const _piece of stream);
        else while ((await stream.fill(new Uint8Array(2))) > 0);
      };
      await expect(all()).rejects.toThrow(where);
      expect(log).toEqual(['ended']);
      expect(await stream.next()).toEqual({ done: true, value: undefined });
      expect(await stream.fill(new Uint8Array(2))).toBe(0);
    }
  });

  it('that is left while it waits for output releases nothing of it, nor what did not fit before', async () => {
    const log: string[] = [];
    const stream = new ChunkStream(work([5, 5], log), 5);
    expect(await stream.fill(new Uint8Array(2))).toBe(2);
    await stream.return();
    expect(await stream.fill(new Uint8Array(2))).toBe(0);
    const other = new ChunkStream(work([5, 5], log), 5);
    const waiting = other.next();
    await other.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(log).toEqual(['ended', 'ended']);
  });
});
