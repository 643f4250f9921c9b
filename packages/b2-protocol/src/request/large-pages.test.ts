import { collect, streamOf } from '@coffer/bytes';
import type { HttpResponse } from '@coffer/http';
import { expect, it } from 'vitest';
import { LargePages, rowsAskedFor } from './large-pages.ts';

const { signal } = new AbortController();
const large = 10_000;

function page(size: number): HttpResponse {
  return { status: 200, headers: [], body: { stream: streamOf(new Uint8Array(size)), length: size } };
}

async function take({ body }: HttpResponse): Promise<void> {
  if (body === undefined || body instanceof Uint8Array) throw new Error('The page is a stream');
  await collect(body.stream, 2 ** 26);
}

it('makes large pages one after another, also after one that failed, and small ones at once', async () => {
  const pages = new LargePages();
  let under = 0;
  let most = 0;
  const make = async () => {
    most = Math.max(most, ++under);
    await new Promise((resolve) => setImmediate(resolve));
    under--;
    return page(1);
  };
  const failed = pages.make(large, signal, () => Promise.reject(new Error('as said')));
  await Promise.all([
    expect(failed).rejects.toThrow('as said'),
    ...[1, 2, 3].map(() => pages.make(large, signal, make)),
  ]);
  expect(most).toBe(1);
  await Promise.all([1, 2, 3].map(() => pages.make(1_000, signal, make)));
  expect(most).toBe(3);
});

it('begins no other while much of earlier ones waits for its clients', async () => {
  const pages = new LargePages();
  const first = await pages.make(large, signal, () => Promise.resolve(page(2 ** 25)));
  let begun = false;
  const second = pages.make(large, signal, () => {
    begun = true;
    return Promise.resolve(page(1));
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toBe(false);
  await take(first);
  await take(await second);
});

it('begins the next one when enough of the earlier ones was taken, not only all of it', async () => {
  const pages = new LargePages();
  const pieces = [new Uint8Array(2 ** 20), new Uint8Array(2 ** 25 - 2 ** 19)];
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const first = { ...page(1), body: { stream: streamOf(...pieces), length } };
  await pages
    .make(large, signal, () => Promise.resolve(first))
    .then(async ({ body }) => {
      if (body === undefined || body instanceof Uint8Array) throw new Error('The page is a stream');
      const second = pages.make(large, signal, () => Promise.resolve(page(1)));
      const iterator = body.stream[Symbol.asyncIterator]();
      await iterator.next();
      await take(await second);
      await iterator.return?.();
    });
  // All of the first one counts as gone now, and no more than that.
  await take(await pages.make(large, signal, () => Promise.resolve(page(2 ** 25 - 1))));
  const third = await pages.make(large, signal, () => Promise.resolve(page(2 ** 25)));
  await take(third);
});

it('makes them in the order of their requests, whoever has gone or failed in between', async () => {
  const pages = new LargePages();
  const gone = new AbortController();
  const order: number[] = [];
  const make = (number: number) => () => {
    order.push(number);
    return number === 2 ? Promise.reject(new Error('as said')) : Promise.resolve(page(1));
  };
  const all = [0, 1, 2, 3, 4].map((number) => pages.make(large, number === 1 ? gone.signal : signal, make(number)));
  gone.abort(new Error('gone'));
  const outcomes = await Promise.allSettled(all);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled', 'fulfilled']);
  expect(order).toEqual([0, 2, 3, 4]);
});

it('refuses the next one when clients do not take theirs in time, and goes on once they do', async () => {
  const pages = new LargePages({ patienceMs: 1 });
  const unread = await pages.make(large, signal, () => Promise.resolve(page(2 ** 25)));
  const refused = [1, 2].map(() => pages.make(large, signal, () => Promise.reject(new Error('was made'))));
  for (const one of refused) await expect(one).rejects.toMatchObject({ code: 'service_unavailable' });
  await pages.make(1_000, signal, () => Promise.resolve(page(1)));
  await take(unread);
  await take(await pages.make(large, signal, () => Promise.resolve(page(1))));
});

it('makes none for a client that went away while it waited', async () => {
  const gone = new AbortController();
  const pages = new LargePages();
  const waiting = pages.make(large, gone.signal, () => Promise.resolve(page(1)));
  gone.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
});

it('knows how many rows a request asks for', () => {
  expect(rowsAskedFor({ bucketId: 'b', maxFileCount: 7 })).toBe(7);
  expect(rowsAskedFor({ maxPartCount: 8 })).toBe(8);
  expect(rowsAskedFor({ maxKeyCount: 9 })).toBe(9);
  expect(rowsAskedFor({ bucketId: 'b' })).toBe(0);
});
