import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BufferPool } from './buffer-pool.ts';

const tiers = [
  { length: 100, inUse: 2, kept: 1 },
  { length: 10, inUse: Infinity, kept: 2 },
];

describe('a pool of buffers', () => {
  it('gives out shorter buffers where many are in use, and longer ones again afterwards', () => {
    const pool = new BufferPool(tiers);
    const taken = [pool.take(), pool.take(), pool.take()];
    expect(taken.map(({ length }) => length)).toEqual([100, 100, 10]);
    for (const buffer of taken) pool.give(buffer);
    expect(pool.inUse).toBe(0);
    expect(pool.take()).toHaveLength(100);
  });

  it('uses memory again, and keeps no more of it than it may', () => {
    const pool = new BufferPool(tiers);
    const taken = [pool.take(), pool.take()];
    for (const buffer of taken) pool.give(buffer);
    const again = [pool.take(), pool.take()];
    expect(again[0]).toBe(taken[0]);
    expect(taken).not.toContain(again[1]);
  });

  it('refuses what is given back twice, and what is not its own', () => {
    const pool = new BufferPool(tiers);
    const buffer = pool.take();
    expect(() => {
      pool.give(buffer.subarray());
    }).toThrow(RangeError);
    pool.give(buffer);
    expect(() => {
      pool.give(buffer);
    }).toThrow(RangeError);
  });

  it('property: no two users share memory, whatever they take and give', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(5), { nil: undefined }), { maxLength: 60 }), (steps) => {
        const pool = new BufferPool(tiers);
        const held: Uint8Array[] = [];
        for (const step of steps) {
          const given = step === undefined ? undefined : held.splice(step, 1)[0];
          if (given === undefined) held.push(pool.take());
          else pool.give(given);
          expect(new Set(held.map(({ buffer }) => buffer)).size).toBe(held.length);
          expect(pool.inUse).toBe(held.length);
        }
      }),
    );
  });
});
