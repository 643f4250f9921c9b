import { canFill } from '@coffer/bytes';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { frameLength } from './frames.ts';
import type { S3BlobStore } from './s3-blob-store.ts';
import { contentOf, isSame, readAll, streamed } from './test-support/contents.ts';
import { failed, type PlayedRequest } from './test-support/played-bucket.ts';
import { PlayedStore, type PlayedFault } from './test-support/played-store.ts';

const content = contentOf(300_000);
const key = 'place/blobs/a';
const isGet = (request: PlayedRequest) => request.method === 'GET' && request.key === key;
const isLook = (request: PlayedRequest) => ['GET', 'HEAD'].includes(request.method) && request.key === key;

let played: PlayedStore;
let store: S3BlobStore;
beforeEach(async () => {
  played = await PlayedStore.start();
  store = await played.open({ limits: { idle: 200 } });
  await store.write('a', streamed(content));
  played.requests.length = 0;
});
afterEach(() => played.stop());

const gets = () => played.requests.filter(isGet);

/** Puts other bytes under the blob's key, past the store. */
const replace = (bytes: Uint8Array) => {
  const { objects } = played.bucket;
  const object = objects.get(key);
  if (object !== undefined) objects.set(key, { ...object, bytes: Buffer.from(bytes) });
};
const stored = () => played.bucket.objects.get(key)?.bytes ?? Buffer.alloc(0);

describe('a read is taken up again', () => {
  const faults: Record<string, PlayedFault> = {
    'when the connection breaks': { kind: 'short', at: 150_000 },
    'when the connection breaks before the first byte': { kind: 'short', at: 0 },
    'when nothing comes any more': { kind: 'hold', at: 150_000 },
    'when a byte is wrong': { kind: 'damage', at: 150_000 },
    'when a byte of a check is wrong': { kind: 'damage', at: frameLength - 1 },
  };
  for (const [name, fault] of Object.entries(faults))
    test(name, async () => {
      played.once(isGet, fault);
      expect(isSame(await readAll(store, 'a'), content)).toBe(true);
      const [first, second] = gets();
      expect(gets().length).toBe(2);
      expect(first?.headers['range']).toBeUndefined();
      expect(second?.headers['range']).toMatch(/^bytes=\d+-\d+$/);
      expect(second?.headers['if-match']).toBe(played.bucket.objects.get(key)?.etag);
    });

  test('of a range, with the rest of the range', async () => {
    played.once(isGet, { kind: 'short', at: frameLength + 10 });
    const range = { start: 70_000, length: 180_000 };
    expect(isSame(await readAll(store, 'a', range), content.subarray(70_000, 250_000))).toBe(true);
    const ranges = gets().map(({ headers }) => headers['range']);
    expect(ranges).toEqual([`bytes=65540-${4 * frameLength - 1}`, `bytes=${2 * frameLength}-${4 * frameLength - 1}`]);
  });

  test('as long as each connection brings a frame', async () => {
    played.once(isGet, { kind: 'short', at: frameLength + 1 }, Infinity);
    expect(isSame(await readAll(store, 'a'), content)).toBe(true);
    expect(gets().length).toBe(5);
  });

  test('and no more when none does so: io', async () => {
    played.once(isGet, { kind: 'short', at: 1_000 }, Infinity);
    await expect(readAll(store, 'a')).rejects.toMatchObject({ name: 'StoreError', code: 'io' });
    expect(gets().length).toBe(5);
  });
});

describe('wrong bytes are never given out', () => {
  const wrong: Record<string, () => Uint8Array> = {
    'a byte is another one': () => Uint8Array.from(stored(), (byte, i) => (i === 140_000 ? byte ^ 4 : byte)),
    'two frames have changed places': () =>
      Buffer.concat([
        stored().subarray(frameLength, 2 * frameLength),
        stored().subarray(0, frameLength),
        stored().subarray(2 * frameLength),
      ]),
    'the last frame is missing': () => stored().subarray(0, 4 * frameLength),
    'a frame is missing': () => stored().subarray(frameLength),
    'it is all zeros': () => new Uint8Array(stored().length),
  };
  for (const [name, bytes] of Object.entries(wrong))
    test(`${name}: io`, async () => {
      replace(bytes());
      const given: Uint8Array[] = [];
      const read = async () => {
        for await (const piece of await store.read('a')) given.push(piece);
      };
      await expect(read()).rejects.toMatchObject({ name: 'StoreError', code: 'io', message: /wrong bytes/ });
      const right = Buffer.concat(given);
      expect(isSame(right, content.subarray(0, right.length))).toBe(true);
    });

  test('the bytes of another blob: io', async () => {
    await store.write('b', streamed(contentOf(300_000, 9)));
    replace(played.bucket.objects.get('place/blobs/b')?.bytes ?? new Uint8Array(0));
    await expect(readAll(store, 'a')).rejects.toThrow(/wrong bytes/);
  });

  test('a length that no blob has: io, for size and read', async () => {
    replace(stored().subarray(0, frameLength + 3));
    await expect(store.size('a')).rejects.toMatchObject({ code: 'io', message: /no blob has/ });
    await expect(store.read('a')).rejects.toMatchObject({ code: 'io' });
  });

  test('an empty blob is checked too', async () => {
    await store.write('e', streamed(new Uint8Array(0)));
    expect(await readAll(store, 'e')).toEqual(new Uint8Array(0));
    const empty = played.bucket.objects.get('place/blobs/e');
    if (empty !== undefined) played.bucket.objects.set('place/blobs/e', { ...empty, bytes: Buffer.alloc(4) });
    await expect(readAll(store, 'e')).rejects.toThrow(/wrong bytes/);
  });

  test('an answer with another range than was asked for: io', async () => {
    played.once(isGet, {
      kind: 'answer',
      change: (answer) => ({ ...answer, headers: { ...answer.headers, 'content-range': 'bytes 0-65539/300020' } }),
    });
    await expect(store.read('a', { start: 100_000, length: 10 })).rejects.toThrow(/another range/);
  });
});

describe('what happens to the blob while it is read', () => {
  const breakThen = async (act: () => void) => {
    played.once(isGet, { kind: 'short', at: 2 * frameLength });
    const iterator = (await store.read('a'))[Symbol.asyncIterator]();
    await iterator.next();
    act();
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next());
  };

  test('deleted, and the connection breaks: io, which is no missing blob', () =>
    expect(
      breakThen(() => {
        played.bucket.objects.clear();
      }),
    ).rejects.toMatchObject({
      code: 'io',
      message: /deleted while it was read/,
    }));

  test('replaced, and the connection breaks: io', () =>
    expect(
      breakThen(() => {
        const object = played.bucket.objects.get(key);
        if (object !== undefined) played.bucket.objects.set(key, { ...object, etag: '"other"' });
      }),
    ).rejects.toMatchObject({ code: 'io', message: /replaced while it was read/ }));
});

describe('absence', () => {
  test('an answer that is cut before it says what is missing is asked for again', async () => {
    await store.delete('a');
    played.once(({ method, key: at }) => method === 'GET' && at === key, {
      kind: 'answer',
      change: () => ({ status: 404, body: '<Error><Co' }),
    });
    await expect(store.size('a')).rejects.toMatchObject({ code: 'missing_blob' });
  });

  const looks = {
    size: () => store.size('a'),
    read: () => store.read('a'),
    'an empty range': () => store.read('a', { start: 0, length: 0 }),
  };
  for (const [name, look] of Object.entries(looks)) {
    test(`${name}: only what the store itself calls missing is`, async () => {
      played.fault = (request) => (isLook(request) ? { kind: 'refuse', status: 404, code: 'NoSuchKey' } : undefined);
      await expect(look()).rejects.toMatchObject({ code: 'missing_blob' });
      for (const code of ['NoSuchBucket', 'NotFound', '']) {
        played.fault = (request) => (isLook(request) ? { kind: 'refuse', status: 404, code } : undefined);
        await expect(look(), code).rejects.toMatchObject({ code: 'io' });
      }
      played.fault = (request) => (isLook(request) ? { kind: 'refuse', status: 403, code: 'AccessDenied' } : undefined);
      await expect(look()).rejects.toMatchObject({ code: 'io' });
    });

    test(`${name}: of an emptied bucket nothing can be said`, async () => {
      played.bucket.objects.clear();
      await expect(look()).rejects.toMatchObject({ code: 'io', message: /no longer has the object place\/store.json/ });
    });
  }

  test('a list of an emptied bucket is not one without blobs', async () => {
    await store.delete('a');
    expect(await store.list({ limit: 10 })).toEqual([]);
    played.bucket.objects.clear();
    await expect(store.list({ limit: 10 })).rejects.toMatchObject({ code: 'io' });
  });

  test('deleting in a bucket that is gone: io', async () => {
    played.fault = () => ({ kind: 'answer', change: () => failed(404, 'NoSuchBucket') });
    await expect(store.delete('a')).rejects.toMatchObject({ code: 'io', message: /the bucket does not exist/ });
  });
});

test('a reader that fills memory of its own gets the same bytes, in any lengths, also mixed with pieces', async () => {
  const range = { start: 1_000, length: 200_000 };
  const iterator = (await store.read('a', range))[Symbol.asyncIterator]();
  if (!canFill(iterator)) throw new RangeError('It does not fill.');
  const got: Uint8Array[] = [];
  for (const length of [1, 100_000, 7, 65_536]) {
    const target = new Uint8Array(length);
    got.push(target.subarray(0, await iterator.fill(target)));
  }
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) got.push(next.value);
  expect(await iterator.fill(new Uint8Array(10))).toBe(0);
  expect(isSame(Buffer.concat(got), content.subarray(1_000, 201_000))).toBe(true);
});

test('many blobs are read over few connections, one after the other', async () => {
  const ports = new Set<number | undefined>();
  played.onConnection((port) => ports.add(port));
  for (let i = 0; i < 20; i++) await readAll(store, 'a');
  expect(ports.size).toBeLessThan(3);
});
