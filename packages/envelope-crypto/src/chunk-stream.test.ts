import { describe, expect, it } from 'vitest';
import { streamOf, type ByteStream } from '@coffer/bytes';
import { ChunkStream, type ChunkWork } from './chunk-stream.ts';

/** Hands on every byte as a run of its own, and writes down what happens to it. */
function byteWork(source: ByteStream, log: string[] = []): ChunkWork {
  return {
    source,
    *push(piece) {
      for (const byte of piece) yield Uint8Array.of(byte);
    },
    end: () => [Uint8Array.of(255)],
    discard: () => void log.push('discarded'),
  };
}

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** A source of one piece, then of what the test decides; writes down that it was left. */
function heldSource(log: string[]) {
  const held = deferred<Uint8Array>();
  async function* pieces() {
    try {
      yield Uint8Array.of(1, 2);
      yield await held.promise;
    } finally {
      log.push('source ended');
    }
  }
  return { stream: pieces(), held };
}

describe('a chunk stream', () => {
  it('hands on the runs of each piece, then those of the end, and stays ended', async () => {
    const log: string[] = [];
    const stream = new ChunkStream(() =>
      byteWork(streamOf(Uint8Array.of(1, 2), new Uint8Array(), Uint8Array.of(3)), log),
    );
    const bytes: number[] = [];
    for await (const run of stream) bytes.push(...run);
    expect(bytes).toEqual([1, 2, 3, 255]);
    expect(log).toEqual(['discarded']);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('begins when it is pulled, and only once', async () => {
    let begun = 0;
    const stream = new ChunkStream(async () => {
      begun++;
      return Promise.resolve(byteWork(streamOf()));
    });
    expect(begun).toBe(0);
    await stream.next();
    await stream.next();
    expect(begun).toBe(1);
  });

  it('that is left between two runs of a piece lets go of its work and its source', async () => {
    const log: string[] = [];
    const { stream } = heldSource(log);
    for await (const _run of new ChunkStream(() => byteWork(stream, log))) break;
    expect(log).toEqual(['discarded', 'source ended']);
  });

  it('that is left while it waits for a piece releases nothing of it', async () => {
    const log: string[] = [];
    const { stream, held } = heldSource(log);
    const runs = new ChunkStream(() => byteWork(stream, log));
    await runs.next();
    await runs.next();
    const waiting = runs.next();
    const left = runs.return();
    held.resolve(Uint8Array.of(3));
    expect(await waiting).toEqual({ done: true, value: undefined });
    await left;
    expect(log).toContain('source ended');
    expect(await runs.next()).toEqual({ done: true, value: undefined });
  });

  it('that is left while it begins ends what it was given late', async () => {
    const log: string[] = [];
    const begun = deferred<ChunkWork>();
    const source = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('pulled')), return: ended }),
    };
    const ended = () => {
      log.push('source ended');
      return Promise.resolve({ done: true as const, value: undefined });
    };
    const runs = new ChunkStream(() => begun.promise);
    const waiting = runs.next();
    await runs.return();
    begun.resolve(byteWork(source, log));
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(log).toContain('source ended');
    expect(log).toContain('discarded');
  });

  it.each(['begin', 'push', 'end', 'source'])('ends with the failure of %s', async (where) => {
    const log: string[] = [];
    const failure = new Error(where);
    const fail = (): never => {
      throw failure;
    };
    async function* failing() {
      yield Uint8Array.of(1);
      fail();
    }
    const source = where === 'source' ? failing() : streamOf(Uint8Array.of(1));
    const work = { ...byteWork(source, log), ...((where === 'push' || where === 'end') && { [where]: fail }) };
    const stream = new ChunkStream(() => (where === 'begin' ? fail() : work));
    await expect(
      (async () => {
        for await (const _run of stream);
      })(),
    ).rejects.toBe(failure);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    if (where !== 'begin') expect(log).toContain('discarded');
  });
});
