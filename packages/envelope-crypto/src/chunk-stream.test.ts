import { describe, expect, it } from 'vitest';
import { streamOf } from '@coffer/bytes';
import type { ChunkWork } from './chunk-input.ts';
import { ChunkStream, runsOf } from './chunk-stream.ts';

/** Hands on every byte as a run of its own, and writes down what happens to it. */
function* byteWork(log: string[] = [], failing?: 'piece' | 'end'): ChunkWork {
  log.push('begun');
  try {
    for (let piece = yield; piece !== undefined; piece = yield) {
      if (failing === 'piece') throw new Error('piece');
      for (const byte of piece) yield Uint8Array.of(byte);
    }
    if (failing === 'end') throw new Error('end');
    yield Uint8Array.of(255);
  } finally {
    log.push('let go');
  }
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
    const pieces = streamOf(Uint8Array.of(1, 2), new Uint8Array(), Uint8Array.of(3));
    const stream = new ChunkStream(pieces, byteWork(log));
    expect(log).toEqual([]);
    const bytes: number[] = [];
    for await (const run of stream) bytes.push(...run);
    expect(bytes).toEqual([1, 2, 3, 255]);
    expect(log).toEqual(['begun', 'let go']);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('that is left between two runs of a piece lets go of its work and its source', async () => {
    const log: string[] = [];
    const { stream } = heldSource(log);
    for await (const _run of new ChunkStream(stream, byteWork(log))) break;
    expect(log).toEqual(['begun', 'let go', 'source ended']);
  });

  it('that is left before it was pulled never begins', async () => {
    const log: string[] = [];
    const stream = new ChunkStream(streamOf(Uint8Array.of(1)), byteWork(log));
    await stream.return();
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(log).toEqual([]);
  });

  it('that is left while it waits for a piece releases nothing of it', async () => {
    const log: string[] = [];
    const { stream, held } = heldSource(log);
    const runs = new ChunkStream(stream, byteWork(log));
    await runs.next();
    await runs.next();
    const waiting = runs.next();
    const left = runs.return();
    held.resolve(Uint8Array.of(3));
    expect(await waiting).toEqual({ done: true, value: undefined });
    await left;
    expect(log).toEqual(['begun', 'let go', 'source ended']);
    expect(await runs.next()).toEqual({ done: true, value: undefined });
  });

  it.each(['piece', 'end', 'source'] as const)('ends with the failure of its %s', async (where) => {
    const log: string[] = [];
    async function* failing() {
      yield await Promise.resolve(Uint8Array.of(1));
      throw new Error('source');
    }
    const source = where === 'source' ? failing() : streamOf(Uint8Array.of(1));
    const stream = new ChunkStream(source, byteWork(log, where === 'source' ? undefined : where));
    const all = async () => {
      for await (const _run of stream);
    };
    await expect(all()).rejects.toThrow(where);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(log).toEqual(['begun', 'let go']);
  });
});

describe('the runs of pieces that are there', () => {
  it('are those of the stream', () => {
    const log: string[] = [];
    const bytes: number[] = [];
    for (const run of runsOf(byteWork(log), [Uint8Array.of(1, 2), new Uint8Array(), Uint8Array.of(3)]))
      bytes.push(...run);
    expect(bytes).toEqual([1, 2, 3, 255]);
    expect(log).toEqual(['begun', 'let go']);
  });

  it('let go of their work when they are left', () => {
    const log: string[] = [];
    for (const _run of runsOf(byteWork(log), [Uint8Array.of(1, 2)])) break;
    expect(log).toEqual(['begun', 'let go']);
  });
});
