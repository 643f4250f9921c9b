import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { streamOf, type ByteStream } from './byte-stream.ts';
import { concatStreams, type StreamPart } from './concat-streams.ts';
import { canFill, type FillingIterator } from './filling.ts';

const cuts = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 4 });

function fillingOf(stream: ByteStream): FillingIterator {
  const iterator = stream[Symbol.asyncIterator]();
  if (!canFill(iterator)) throw new Error('It does not fill');
  return iterator;
}

describe('streams one after the other', () => {
  property.prop([
    fc.array(fc.tuple(cuts, fc.constantFrom('stream', 'pieces', 'filling')), { maxLength: 5 }),
    fc.array(fc.nat(30), { minLength: 1, maxLength: 4 }),
  ])('give the same bytes by pieces and into memory of any length, in turns', async (parts, rooms) => {
    const streams = parts.map(([pieces, kind]): StreamPart => {
      if (kind === 'pieces') return pieces;
      return kind === 'stream' ? streamOf(...pieces) : concatStreams([pieces]);
    });
    const iterator = fillingOf(concatStreams(streams));
    const bytes: number[] = [];
    for (let turn = 0, over = false; !over; turn++) {
      const room = rooms[turn % rooms.length] ?? 0;
      if (room === 0) {
        const next = await iterator.next();
        over = next.done === true;
        if (next.done !== true) bytes.push(...next.value);
      } else {
        const target = new Uint8Array(room);
        const count = await iterator.fill(target);
        over = count === 0;
        bytes.push(...target.subarray(0, count));
      }
    }
    expect(bytes).toEqual(parts.flatMap(([pieces]) => pieces.flatMap((piece) => [...piece])));
    expect(await iterator.fill(new Uint8Array(1))).toBe(0);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it.each(['next', 'fill'] as const)('end what makes them, and the one at hand, when %s fails', async (how) => {
    const log: string[] = [];
    async function* streams(): AsyncGenerator<StreamPart, void> {
      try {
        yield [Uint8Array.of(1)];
        yield failing();
        log.push('went on');
      } finally {
        log.push('ended');
      }
    }
    async function* failing() {
      yield await Promise.resolve(Uint8Array.of(2));
      throw new Error('disk');
    }
    const iterator = fillingOf(concatStreams(streams()));
    const all = async () => {
      if (how === 'next') while ((await iterator.next()).done !== true);
      else while ((await iterator.fill(new Uint8Array(4))) > 0);
    };
    await expect(all()).rejects.toThrow('disk');
    expect(log).toEqual(['ended']);
    expect(await iterator.fill(new Uint8Array(4))).toBe(0);
  });

  it('that are left give nothing more, not even what did not fit before', async () => {
    const iterator = fillingOf(concatStreams([[new Uint8Array(10)], [new Uint8Array(10)]]));
    expect(await iterator.fill(new Uint8Array(4))).toBe(4);
    await iterator.return();
    expect(await iterator.fill(new Uint8Array(4))).toBe(0);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });
});
