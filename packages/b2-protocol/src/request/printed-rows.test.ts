import { printJson } from '@coffer/b2-schema';
import { collect } from '@coffer/bytes';
import { afterEach, describe, expect, it } from 'vitest';
import { listRows, PrintedRows, type ListSource } from './printed-rows.ts';
import { textBuffers } from './printed-text.ts';
import { jsonResponse } from './responses.ts';

const all = Array.from({ length: 10_000 }, (_, i) => ({ name: `name-${i}`, text: 'ä'.repeat(40) }));
type Row = (typeof all)[number];

/** The rows of a store, and how many of them were in memory as objects. */
class Rows {
  readonly reads: { readonly start: number; readonly limit: number }[] = [];
  mostHeld = 0;
  #held = 0;
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
  }

  source(limit: number, more: Partial<ListSource<Row, number, Row>> = {}): ListSource<Row, number, Row> {
    return {
      limit,
      start: 0,
      signal: new AbortController().signal,
      read: (start, count) => {
        this.reads.push({ start, limit: count });
        const end = Math.min(start + count, this.#count);
        const rows = all.slice(start, end);
        this.#held += rows.length;
        this.mostHeld = Math.max(this.mostHeld, this.#held);
        return Promise.resolve({ rows, next: end < this.#count ? end : undefined });
      },
      view: (row) => {
        this.#held--;
        return row;
      },
      ...more,
    };
  }
}

async function bytesOf(value: object): Promise<string> {
  const { body } = await jsonResponse(value);
  if (body === undefined || body instanceof Uint8Array) return new TextDecoder().decode(body);
  const bytes = await collect(body.stream, 2 ** 24);
  expect(bytes.length).toBe(body.length);
  return new TextDecoder().decode(bytes);
}

afterEach(() => {
  expect(textBuffers.inUse).toBe(0);
});

describe('the rows of a list', () => {
  it.each([
    [201, 10_000],
    [1_000, 10_000],
    [1_500, 10_000],
    [10_000, 10_000],
    [10_000, 9_999],
    [10_000, 500],
    [10_000, 0],
  ])('are the same text as at once: %i of %i', async (limit, count) => {
    const store = new Rows(count);
    const { rows, next } = await listRows(store.source(limit));
    const shown = all.slice(0, Math.min(limit, count));
    const nextName = next ?? null;
    expect(nextName).toBe(limit < count ? limit : null);
    expect(rows).toBeInstanceOf(PrintedRows);
    const text = await bytesOf({ afterwards: 1, files: rows, nextName });
    expect(text === printJson({ afterwards: 1, files: shown, nextName })).toBe(true);
  });

  it('are never in memory all at once, if they are many', async () => {
    const store = new Rows(10_000);
    await bytesOf({ files: (await listRows(store.source(10_000))).rows });
    expect(store.mostHeld).toBe(200);
    expect(store.reads.length).toBe(50);
  });

  it('are read at once, and are not printed yet, if they are few', async () => {
    const store = new Rows(10_000);
    expect(await listRows(store.source(200))).toEqual({ rows: all.slice(0, 200), next: 200 });
    expect(store.reads).toEqual([{ start: 0, limit: 200 }]);
  });

  it('are as many as were asked for, less those that have gone while they were read', async () => {
    const source = new Rows(10_000).source(2_000);
    const read = async (start: number, limit: number) => {
      const { rows, next } = await source.read(start, limit);
      return { rows: rows.slice(1), next };
    };
    const { rows, next } = await listRows({ ...source, read });
    expect(next).toBe(2_000);
    const left = all.slice(0, 2_000).filter((_, i) => i % 200 > 0);
    expect(await bytesOf({ rows })).toBe(printJson({ rows: left }));
  });

  it('are not read on for a client that has gone', async () => {
    const gone = new AbortController();
    const store = new Rows(10_000);
    const source = store.source(10_000, { signal: gone.signal });
    const read = (start: number, limit: number) => {
      if (start === 1_000) gone.abort(new Error('gone'));
      return source.read(start, limit);
    };
    await expect(listRows({ ...source, read })).rejects.toThrow('gone');
    expect(store.reads.length).toBe(6);
  });

  it.each(['read', 'view'] as const)('leave nothing behind when %s fails', async (failing) => {
    const source = new Rows(10_000).source(10_000);
    const asSaid = (isNow: boolean) => {
      if (isNow) throw new Error('as said');
    };
    const read = (start: number, limit: number) => {
      asSaid(failing === 'read' && start === 5_000);
      return source.read(start, limit);
    };
    const view = (row: Row) => {
      asSaid(failing === 'view' && row === all[5_321]);
      return source.view(row);
    };
    await expect(listRows({ ...source, read, view })).rejects.toThrow('as said');
  });

  it('let everybody else have a turn while they are printed', async () => {
    let turns = 0;
    let isDone = false;
    const count = () => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    const { rows } = await listRows(new Rows(10_000).source(10_000));
    isDone = true;
    const { length } = await bytesOf({ rows });
    // After some 64 KiB at the latest.
    expect(turns).toBeGreaterThanOrEqual(Math.floor(length / 2 ** 17));
  });
});
