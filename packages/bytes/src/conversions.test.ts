import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collect, streamOf } from './byte-stream.ts';
import { fromNodeReadable, toNodeReadable } from './node.ts';
import { probe } from './test-support/probe.ts';
import { fromWebStream, toWebStream } from './web-streams.ts';

const cut = fc.array(fc.uint8Array({ maxLength: 12 }), { maxLength: 12 });
const some = [new Uint8Array(3).fill(1), new Uint8Array(4).fill(2), new Uint8Array(2).fill(3)];
const large = Array.from({ length: 20 }, () => new Uint8Array(2 ** 16));
const failure = new Error('disk');
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('there and back', () => {
  it('is the same bytes over Web and Node streams', async () => {
    await fc.assert(
      fc.asyncProperty(cut, async (pieces) => {
        const whole = await collect(streamOf(...pieces), 1000);
        expect(await collect(fromWebStream(toWebStream(streamOf(...pieces))), 1000)).toEqual(whole);
        expect(new Uint8Array(await collect(fromNodeReadable(toNodeReadable(streamOf(...pieces))), 1000))).toEqual(
          whole,
        );
      }),
    );
  });

  it('passes a failure on', async () => {
    await expect(collect(fromWebStream(toWebStream(probe(some, failure).stream)), 100)).rejects.toBe(failure);
    await expect(collect(fromNodeReadable(toNodeReadable(probe(some, failure).stream)), 100)).rejects.toBe(failure);
  });

  it('ends the producer when left early', async () => {
    const [web, node] = [probe(large), probe(large)];
    for await (const _ of fromWebStream(toWebStream(web.stream))) break;
    for await (const _ of fromNodeReadable(toNodeReadable(node.stream))) break;
    await settled();
    expect([web.ended, node.ended]).toEqual([1, 1]);
    expect(web.pulled).toBe(1);
    expect(node.pulled).toBeLessThanOrEqual(2);
  });
});

describe('toWebStream', () => {
  it('pulls nothing before it is asked, then a piece per demand', async () => {
    const source = probe(some);
    const reader = toWebStream(source.stream).getReader();
    await settled();
    expect(source.pulled).toBe(0);
    await reader.read();
    await settled();
    expect(source.pulled).toBe(1);
  });

  it('ends the producer when it is cancelled, begun or not', async () => {
    const [fresh, begun] = [probe(some), probe(some)];
    await toWebStream(fresh.stream).cancel();
    const reader = toWebStream(begun.stream).getReader();
    await reader.read();
    await reader.cancel();
    expect([fresh.pulled, fresh.ended, begun.ended]).toEqual([0, 1, 1]);
  });
});

describe('fromWebStream', () => {
  it('cancels when left early, and lets go of the reader', async () => {
    let cancelled = false;
    const web = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        controller.enqueue(new Uint8Array(1));
      },
      cancel: () => {
        cancelled = true;
      },
    });
    for await (const _ of fromWebStream(web)) break;
    expect([cancelled, web.locked]).toEqual([true, false]);
  });
});

describe('toNodeReadable', () => {
  it('reads no more than a little ahead of a reader that waits', async () => {
    const source = probe(large);
    const readable = toNodeReadable(source.stream);
    readable.read(1);
    await settled();
    expect(source.pulled).toBeLessThanOrEqual(2);
    readable.destroy();
    await settled();
    expect(source.ended).toBe(1);
  });
});

describe('fromNodeReadable', () => {
  it('refuses what is not bytes', async () => {
    await expect(collect(fromNodeReadable(Readable.from(['text'])), 100)).rejects.toThrow(TypeError);
  });
});
