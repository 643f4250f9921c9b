import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { collect, concatBytes, streamOf, type ByteStream } from './byte-stream.ts';
import { concatStreams } from './concat-streams.ts';
import { abortable, exactLength, limitLength, rechunk, sliceStream, tap } from './stages.ts';
import { probe } from './test-support/probe.ts';

const cut = fc.array(fc.uint8Array({ maxLength: 12 }), { maxLength: 12 });
const total = (pieces: readonly Uint8Array[]) => concatBytes([new Uint8Array(), ...pieces]);
async function piecesOf(stream: ByteStream): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return pieces;
}

const some = [new Uint8Array(3).fill(1), new Uint8Array(0), new Uint8Array(4).fill(2), new Uint8Array(2).fill(3)];

const stages: Record<string, (stream: ByteStream) => AsyncGenerator<Uint8Array, void>> = {
  rechunk: (stream) => rechunk(stream, 2),
  tap: (stream) => tap(stream, { update: () => undefined }),
  limitLength: (stream) => limitLength(stream, 100),
  exactLength: (stream) => exactLength(stream, 9),
  sliceStream: (stream) => sliceStream(stream, { start: 0, length: 9 }),
  abortable: (stream) => abortable(stream, new AbortController().signal),
};

describe.each(Object.entries(stages))('%s', (_, stage) => {
  it('passes everything through', async () => {
    const source = probe(some);
    expect(await collect(stage(source.stream), 100)).toEqual(total(some));
    expect(source.ended).toBe(1);
  });

  it('passes the failure on', async () => {
    const failure = new Error('disk');
    await expect(collect(stage(probe(some.slice(0, 2), failure).stream), 100)).rejects.toBe(failure);
  });

  it('pulls only on demand, one piece at a time', async () => {
    const source = probe(some);
    const iterator = stage(source.stream);
    expect(source.pulled).toBe(0);
    await iterator.next();
    expect(source.pulled).toBe(1);
    await iterator.return();
  });

  it('ends the producer when it is left early', async () => {
    const source = probe(some);
    for await (const _ of stage(source.stream)) break;
    expect([source.pulled, source.ended]).toEqual([1, 1]);
  });

  it('ends the producer when it is left before it began', async () => {
    const source = probe(some);
    await stage(stage(source.stream)).return();
    expect([source.pulled, source.ended]).toEqual([0, 1]);
  });
});

describe('rechunk', () => {
  it('yields the same bytes in pieces of the size, however they were cut', async () => {
    await fc.assert(
      fc.asyncProperty(cut, fc.integer({ min: 1, max: 15 }), async (pieces, size) => {
        const out = await piecesOf(rechunk(streamOf(...pieces), size));
        expect(total(out)).toEqual(total(pieces));
        for (const piece of out.slice(0, -1)) expect(piece.length).toBe(size);
        if (out.length > 0) expect(out.at(-1)!.length).toBeGreaterThan(0);
        expect(out.length).toBe(Math.ceil(total(pieces).length / size));
      }),
    );
  });

  it('does not copy what lies within one piece', async () => {
    const piece = new Uint8Array(10);
    const out = await piecesOf(rechunk(streamOf(piece), 5));
    expect(out.every(({ buffer }) => buffer === piece.buffer)).toBe(true);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses the size %d and ends the producer', async (size) => {
    const source = probe(some);
    await expect(piecesOf(rechunk(source.stream, size))).rejects.toThrow(RangeError);
    expect(source.ended).toBe(1);
  });
});

describe('sliceStream', () => {
  it('is the slice of the whole, or fails where the range goes on behind it', async () => {
    await fc.assert(
      fc.asyncProperty(cut, fc.nat(80), fc.nat(80), async (pieces, start, length) => {
        const whole = total(pieces);
        const sliced = collect(sliceStream(streamOf(...pieces), { start, length }), 1000);
        if (length === 0 || start + length <= whole.length)
          expect(await sliced).toEqual(whole.slice(start, start + length));
        else await expect(sliced).rejects.toMatchObject({ code: 'stream_too_short' });
      }),
    );
  });

  it('reads no further than its last byte', async () => {
    const source = probe(some);
    await collect(sliceStream(source.stream, { start: 1, length: 2 }), 100);
    expect([source.pulled, source.ended]).toEqual([1, 1]);
  });

  it('that is empty reads nothing and ends the producer', async () => {
    const source = probe(some);
    await collect(sliceStream(source.stream, { start: 1, length: 0 }), 100);
    expect([source.pulled, source.ended]).toEqual([0, 1]);
  });
});

describe('limits', () => {
  it('hold exactly, however the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(cut, fc.nat(150), async (pieces, limit) => {
        const whole = total(pieces);
        for (const limited of [
          collect(limitLength(streamOf(...pieces), limit), 1000),
          collect(streamOf(...pieces), limit),
        ]) {
          if (whole.length <= limit) expect(await limited).toEqual(whole);
          else await expect(limited).rejects.toMatchObject({ code: 'stream_too_long' });
        }
      }),
    );
  });

  it('of exactLength hold on both sides', async () => {
    await fc.assert(
      fc.asyncProperty(cut, fc.integer({ min: -3, max: 3 }), async (pieces, off) => {
        const whole = total(pieces);
        const length = Math.max(0, whole.length + off);
        const exact = collect(exactLength(streamOf(...pieces), length), 1000);
        if (length === whole.length) expect(await exact).toEqual(whole);
        else
          await expect(exact).rejects.toMatchObject({
            code: length > whole.length ? 'stream_too_short' : 'stream_too_long',
          });
      }),
    );
  });

  it('end the producer of a stream that is too long', async () => {
    const source = probe(some);
    await expect(collect(limitLength(source.stream, 3), 100)).rejects.toMatchObject({ name: 'ByteStreamError' });
    expect([source.pulled, source.ended]).toEqual([3, 1]);
  });
});

describe('tap', () => {
  it('digests what passes', async () => {
    await fc.assert(
      fc.asyncProperty(cut, async (pieces) => {
        const [sha1, md5] = [createHash('sha1'), createHash('md5')];
        const whole = await collect(tap(streamOf(...pieces), sha1, md5), 1000);
        expect(sha1.digest('hex')).toBe(createHash('sha1').update(whole).digest('hex'));
        expect(md5.digest('hex')).toBe(createHash('md5').update(whole).digest('hex'));
      }),
    );
  });
});

describe('abortable', () => {
  it('rejects with the reason at the next piece and ends the producer', async () => {
    const source = probe(some);
    const controller = new AbortController();
    const iterator = abortable(source.stream, controller.signal);
    await iterator.next();
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(iterator.next()).rejects.toBe(reason);
    expect(source.ended).toBe(1);
  });

  it('that is aborted already reads nothing and ends the producer', async () => {
    const source = probe(some);
    await expect(collect(abortable(source.stream, AbortSignal.abort(new Error('no'))), 100)).rejects.toThrow('no');
    expect([source.pulled, source.ended]).toEqual([0, 1]);
  });
});

describe('concatStreams', () => {
  it('is the bytes in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { maxLength: 4 }), async (cuts) => {
        const streams = cuts.map((pieces) => streamOf(...pieces));
        expect(await collect(concatStreams(streams), 1000)).toEqual(total(cuts.flat()));
      }),
    );
  });

  it('starts a stream only when the one before has ended, and ends the one it is left in', async () => {
    const [first, second, third] = [probe(some), probe(some), probe(some)];
    let read = 0;
    for await (const _ of concatStreams([first.stream, second.stream, third.stream])) {
      if (++read <= some.length) expect(second.pulled).toBe(0);
      else break;
    }
    expect([first.ended, second.pulled, second.ended, third.pulled]).toEqual([1, 1, 1, 0]);
  });
});

describe('concatBytes', () => {
  it('copies nothing for a single piece', () => {
    const piece = new Uint8Array(3);
    expect(concatBytes([piece])).toBe(piece);
    expect(concatBytes([])).toEqual(new Uint8Array());
  });
});
