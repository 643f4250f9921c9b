import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { S3BlobStore } from './s3-blob-store.ts';
import { contentOf, isSame, readAll, streamed } from './test-support/contents.ts';
import type { PlayedRequest } from './test-support/played-bucket.ts';
import { PlayedStore, type PlayedFault } from './test-support/played-store.ts';

const small = contentOf(150_000);
const large = contentOf(12_000_000);
const isPut = ({ method, key, query, headers }: PlayedRequest) =>
  method === 'PUT' && key.endsWith('blobs/a') && query.size <= 1 && headers['x-amz-copy-source'] === undefined;
const isPart = ({ method, query }: PlayedRequest) => method === 'PUT' && query.has('partNumber');
const isComplete = ({ method, query }: PlayedRequest) => method === 'POST' && query.has('uploadId');

let played: PlayedStore;
let store: S3BlobStore;
beforeEach(async () => {
  played = await PlayedStore.start();
  store = await played.open();
  played.requests.length = 0;
});
afterEach(() => played.stop());

const count = (which: (request: PlayedRequest) => boolean) => played.requests.filter(which).length;

describe('a small blob', () => {
  const lost: Record<string, PlayedFault> = {
    'the answer is lost': { kind: 'lose' },
    'the store fails after having written': { kind: 'fail', status: 500, code: 'InternalError' },
    'the store says that there is an object, which is ours': { kind: 'fail', status: 412, code: 'PreconditionFailed' },
  };
  for (const [name, fault] of Object.entries(lost))
    test(`${name}: found out, and not written again`, async () => {
      played.once(isPut, fault);
      expect(await store.write('a', streamed(small))).toBe(small.length);
      expect(count(isPut)).toBe(1);
      expect(isSame(await readAll(store, 'a'), small)).toBe(true);
    });

  const undone: Record<string, PlayedFault> = {
    'the connection is cut': { kind: 'cut' },
    'the store is busy': { kind: 'refuse', status: 503, code: 'SlowDown' },
    'the store received something else': { kind: 'refuse', status: 400, code: 'BadDigest' },
    'another request is under way': { kind: 'refuse', status: 409, code: 'ConditionalRequestConflict' },
  };
  for (const [name, fault] of Object.entries(undone))
    test(`${name}: sent again`, async () => {
      played.once(isPut, fault, 3);
      expect(await store.write('a', streamed(small))).toBe(small.length);
      expect(count(isPut)).toBe(4);
      expect(isSame(await readAll(store, 'a'), small)).toBe(true);
    });

  test('a store that stays busy: io, after a number of attempts', async () => {
    played.once(isPut, { kind: 'refuse', status: 503, code: 'SlowDown' }, Infinity);
    await expect(store.write('a', streamed(small))).rejects.toMatchObject({ name: 'StoreError', code: 'io' });
    expect(count(isPut)).toBe(5);
    expect(store.state().state).toBe('unreachable');
    expect(store.state().reason).toContain('503 SlowDown');
  });

  test('a lost answer, and somebody else’s object at the second look: blob_exists, and theirs stays', async () => {
    await store.write('a', streamed(small));
    played.once(isPut, { kind: 'cut' });
    await expect(store.write('a', streamed(contentOf(10)))).rejects.toMatchObject({ code: 'blob_exists' });
    expect(isSame(await readAll(store, 'a'), small)).toBe(true);
  });

  test('a store that answers nothing: io within the time limit', async () => {
    const limits = { longCall: 200, call: 200, attempts: 2 };
    const impatient = await played.open({ limits });
    played.once(isPut, { kind: 'silent' }, Infinity);
    await expect(impatient.write('a', streamed(small))).rejects.toThrow(/no answer within 200 ms/);
    expect(impatient.state().state).toBe('unreachable');
  });

  test('a store that keeps something else: io, and it is removed', async () => {
    const { bucket } = played;
    const cut = () => {
      const object = bucket.objects.get('place/blobs/a');
      if (object !== undefined) bucket.objects.set('place/blobs/a', { ...object, bytes: object.bytes.subarray(0, 10) });
    };
    played.once(isPut, {
      kind: 'answer',
      change: () => {
        cut();
        return { status: 500 };
      },
    });
    await expect(store.write('a', streamed(small))).rejects.toMatchObject({ code: 'io' });
    expect(bucket.objects.has('place/blobs/a')).toBe(false);
  });

  test('what is sent is signed with its SHA-256, and comes with its CRC-32', async () => {
    await store.write('a', streamed(small));
    const sent = played.requests.find(isPut);
    expect(sent?.headers['x-amz-content-sha256']).toMatch(/^[0-9a-f]{64}$/);
    expect(sent?.headers['x-amz-checksum-crc32']).toMatch(/^[A-Za-z0-9+/]{6}==$/);
    expect(sent?.headers['if-none-match']).toBe('*');
    expect(sent?.headers['expect']).toBeUndefined();
  });
});

describe('a large blob', () => {
  const lost: Record<string, PlayedFault> = {
    'the answer is lost': { kind: 'lose' },
    'the store fails after it': { kind: 'fail', status: 500, code: 'InternalError' },
    'the store does not know the upload any more': { kind: 'fail', status: 404, code: 'NoSuchUpload' },
    'the store says that there is an object, which is ours': { kind: 'fail', status: 412, code: 'PreconditionFailed' },
  };
  for (const [name, fault] of Object.entries(lost))
    test(`put together, but ${name}: found out`, async () => {
      played.once(isComplete, fault);
      expect(await store.write('a', streamed(large))).toBe(large.length);
      expect(count(isComplete)).toBe(1);
      expect(isSame(await readAll(store, 'a'), large)).toBe(true);
      expect(played.bucket.uploads.size).toBe(0);
    });

  test('parts are sent again, each until it is there', async () => {
    let parts = 0;
    played.fault = (request) => (isPart(request) && parts++ % 3 < 2 ? { kind: 'cut' } : undefined);
    expect(await store.write('a', streamed(large))).toBe(large.length);
    expect(parts).toBe(9);
    expect(isSame(await readAll(store, 'a'), large)).toBe(true);
  });

  test('an upload that was swept meanwhile: io, and nothing is there', async () => {
    played.once(isComplete, { kind: 'refuse', status: 404, code: 'NoSuchUpload' });
    await expect(store.write('a', streamed(large))).rejects.toMatchObject({ code: 'io' });
    expect(await store.list({ limit: 10 })).toEqual([]);
  });

  test('put together wrongly: io, and it is removed', async () => {
    const { bucket } = played;
    played.once(isComplete, {
      kind: 'answer',
      change: (answer) => {
        const object = bucket.objects.get('place/blobs/a');
        if (object !== undefined) bucket.objects.set('place/blobs/a', { ...object, bytes: object.bytes.subarray(9) });
        return answer;
      },
    });
    await expect(store.write('a', streamed(large))).rejects.toThrow(/something else than its parts/);
    expect(bucket.objects.has('place/blobs/a')).toBe(false);
  });

  test('a part that fails for good: io, the stream is let go, the upload is ended', async () => {
    let ended = false;
    async function* stream() {
      try {
        yield* streamed(large);
      } finally {
        ended = true;
      }
    }
    played.once(isPart, { kind: 'refuse', status: 403, code: 'AccessDenied' }, Infinity);
    await expect(store.write('a', stream())).rejects.toMatchObject({ code: 'io' });
    expect(ended).toBe(true);
    expect(played.bucket.uploads.size).toBe(0);
    expect(store.state().state).toBe('denied');
  });

  test('a signal ends a part that nobody answers, at once', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    played.fault = (request) => {
      if (!isPart(request)) return undefined;
      controller.abort(reason);
      return { kind: 'silent' };
    };
    await expect(store.write('a', streamed(large), { signal: controller.signal })).rejects.toBe(reason);
    expect(played.bucket.uploads.size).toBe(0);
  });

  test('of an id that is taken, nothing is sent', async () => {
    await store.write('a', streamed(small));
    await expect(store.write('a', streamed(large))).rejects.toMatchObject({ code: 'blob_exists' });
    expect(count(isPart)).toBe(0);
  });

  test('more writes than there is memory for take turns, and all come through', async () => {
    const tight = await played.open({ memory: 11_000_000 });
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const written = await Promise.all(ids.map((id, seed) => tight.write(id, streamed(contentOf(6_000_000, seed)))));
    expect(written).toEqual(ids.map(() => 6_000_000));
    for (const [seed, id] of ids.entries())
      expect(isSame(await readAll(tight, id), contentOf(6_000_000, seed)), id).toBe(true);
  });
});

describe('space', () => {
  for (const [status, code] of [
    [403, 'QuotaExceeded'],
    [507, 'InsufficientStorage'],
    [507, ''],
  ] as const)
    test(`${status} ${code}: full; reads go on; a write that succeeds says that there is room again`, async () => {
      await store.write('b', streamed(small));
      played.once(isPut, { kind: 'refuse', status, code });
      await expect(store.write('a', streamed(small))).rejects.toMatchObject({ name: 'StoreError', code: 'full' });
      expect(isSame(await readAll(store, 'b'), small)).toBe(true);
      expect(store.state()).toMatchObject({ state: 'full' });
      await store.write('a', streamed(small));
      expect(store.state()).toMatchObject({ state: 'ready', reason: undefined });
    });
});
