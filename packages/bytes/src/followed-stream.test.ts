import { describe, expect, it } from 'vitest';
import { streamOf, type ByteStream } from './byte-stream.ts';
import { concatStreams } from './concat-streams.ts';
import { canFill } from './filling.ts';
import { followStream, type StreamEnd } from './followed-stream.ts';

const pieces = [Uint8Array.of(1, 2), Uint8Array.of(3)];
const sources = {
  pieces: (stream: ByteStream) => stream,
  filling: (stream: ByteStream) => concatStreams([stream]),
};

async function* failing(): ByteStream & AsyncGenerator<Uint8Array, void> {
  yield await Promise.resolve(Uint8Array.of(1));
  throw new Error('disk');
}

/** Reads all of it in the way that it can; what was read until it failed, and the failure. */
async function readAll(stream: ByteStream): Promise<{ readonly bytes: number[]; readonly error: unknown }> {
  const bytes: number[] = [];
  const iterator = stream[Symbol.asyncIterator]();
  try {
    if (canFill(iterator)) {
      const target = new Uint8Array(2);
      for (let count = await iterator.fill(target); count > 0; count = await iterator.fill(target))
        bytes.push(...target.subarray(0, count));
    } else {
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next())
        bytes.push(...next.value);
    }
    return { bytes, error: undefined };
  } catch (error) {
    return { bytes, error };
  }
}

describe.each(['pieces', 'filling'] as const)('a followed stream of %s', (kind) => {
  const followed = (stream: ByteStream, more: object = {}) => {
    const seen: number[] = [];
    const ends: StreamEnd[] = [];
    const onBytes = (bytes: Uint8Array) => void seen.push(...bytes);
    const onEnd = (end: StreamEnd) => void ends.push(end);
    return { seen, ends, stream: followStream(sources[kind](stream), { onBytes, onEnd, ...more }) };
  };

  it('fills if its source does', () => {
    expect(canFill(followed(streamOf()).stream[Symbol.asyncIterator]())).toBe(kind === 'filling');
  });

  it('hands on every byte, shows it before, and tells the end once', async () => {
    const { stream, seen, ends } = followed(streamOf(...pieces));
    expect(await readAll(stream)).toEqual({ bytes: [1, 2, 3], error: undefined });
    expect(seen).toEqual([1, 2, 3]);
    expect(ends).toEqual([{ complete: true }]);
  });

  it('fails with the error that its follower makes of the stream’s', async () => {
    const mapError = async (error: unknown) => Promise.resolve(new Error(`mapped ${(error as Error).message}`));
    const { stream, ends } = followed(failing(), { mapError });
    const { bytes, error } = await readAll(stream);
    expect(bytes).toEqual([1]);
    expect(error).toEqual(new Error('mapped disk'));
    expect(ends).toEqual([{ complete: false, error: new Error('mapped disk') }]);
  });

  it('withholds what its follower refuses, and ends its source', async () => {
    const log: string[] = [];
    async function* source() {
      try {
        yield* pieces;
      } finally {
        log.push('ended');
      }
    }
    const onBytes = (bytes: Uint8Array) => {
      if (bytes.includes(3)) throw new Error('refused');
    };
    const { stream } = followed(source(), { onBytes });
    expect(await readAll(stream)).toEqual({ bytes: [1, 2], error: new Error('refused') });
    expect(log).toEqual(['ended']);
  });

  it('does not take what comes to nothing because it was left for the stream’s end', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    async function* source(): ByteStream & AsyncGenerator<Uint8Array, void> {
      await held;
      yield Uint8Array.of(1);
    }
    const { stream, ends } = followed(source());
    const iterator = stream[Symbol.asyncIterator]();
    const waiting = canFill(iterator) ? iterator.fill(new Uint8Array(1)) : iterator.next();
    const left = iterator.return?.();
    release();
    await Promise.all([waiting, left]);
    expect(ends).toEqual([{ complete: false }]);
  });

  it('fails with what its follower fails with, and still tells the end', async () => {
    const mapError = () => Promise.reject(new Error('no mapping'));
    const { stream, ends } = followed(failing(), { mapError });
    expect((await readAll(stream)).error).toEqual(new Error('no mapping'));
    expect(ends).toEqual([{ complete: false, error: new Error('no mapping') }]);
  });

  it('tells that it was left, also before anything was read', async () => {
    const { stream, ends } = followed(streamOf(...pieces));
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.return?.();
    await iterator.return?.();
    expect(ends).toEqual([{ complete: false }]);
  });
});
