import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { S3BlobStore } from './s3-blob-store.ts';
import { contentOf, isSame, readAll, streamed } from './test-support/contents.ts';
import type { PlayedRequest } from './test-support/played-bucket.ts';
import { PlayedStore } from './test-support/played-store.ts';

const mebibyte = 1024 * 1024;
const hour = 3_600_000;
const now = Date.UTC(2026, 5, 1);
const clock = { now: () => now, elapsed: () => ({ boot: 'test', milliseconds: now }) };

let played: PlayedStore;
let store: S3BlobStore;
beforeEach(async () => {
  played = await PlayedStore.start();
  store = await played.open({ copySize: 5 * mebibyte, clock });
});
afterEach(() => played.stop());

const isCopy = ({ headers }: PlayedRequest) => headers['x-amz-copy-source'] !== undefined;

describe('copies', () => {
  test('of large objects are made in parts, whole', async () => {
    const content = contentOf(12 * mebibyte);
    await store.write('a', streamed(content));
    played.requests.length = 0;
    await store.quarantine('a', 5);
    const ranges = played.requests.filter(isCopy).map(({ headers }) => headers['x-amz-copy-source-range']);
    expect(ranges).toEqual(['bytes=0-5242879', 'bytes=5242880-10485759', 'bytes=10485760-12583679']);
    await store.restore('a');
    expect(isSame(await readAll(store, 'a'), content)).toBe(true);
    expect(await store.listQuarantine({ limit: 1 })).toEqual([]);
  });

  test('that are not what they are copies of are noticed, and what was copied stays', async () => {
    await store.write('a', streamed(contentOf(100)));
    played.once(isCopy, {
      kind: 'answer',
      change: (answer) => {
        for (const [key, object] of played.bucket.objects)
          if (key.includes('quarantine/'))
            played.bucket.objects.set(key, { ...object, bytes: object.bytes.subarray(1) });
        return answer;
      },
    });
    await expect(store.quarantine('a', 5)).rejects.toMatchObject({ code: 'io', message: /copied something else/ });
    expect(await readAll(store, 'a')).toEqual(contentOf(100));
    expect(await store.listQuarantine({ limit: 1 })).toEqual([]);
  });

  test('whose answer is lost are made again', async () => {
    await store.write('a', streamed(contentOf(100)));
    played.once(isCopy, { kind: 'lose' });
    await store.quarantine('a', 5);
    expect(await store.listQuarantine({ limit: 1 })).toEqual([{ blobId: 'a', quarantinedAt: 5, size: 100 }]);
  });
});

test('a blob that a crash left in its place and in quarantine is in both, and either step ends that', async () => {
  await store.write('a', streamed(contentOf(100)));
  played.once(({ method, key }) => method === 'DELETE' && key === 'place/blobs/a', {
    kind: 'refuse',
    status: 403,
    code: 'AccessDenied',
  });
  await expect(store.quarantine('a', 5)).rejects.toMatchObject({ code: 'io' });
  expect(await store.list({ limit: 10 })).toEqual(['a']);
  expect(await store.listQuarantine({ limit: 10 })).toMatchObject([{ blobId: 'a' }]);
  await store.quarantine('a', 6);
  expect(await store.list({ limit: 10 })).toEqual([]);
  expect(await store.listQuarantine({ limit: 10 })).toEqual([{ blobId: 'a', quarantinedAt: 6, size: 100 }]);
  await store.restore('a');
  expect(await store.list({ limit: 10 })).toEqual(['a']);
});

test('old versions of a blob are removed with it', async () => {
  const deleted: string[] = [];
  await store.write('a', streamed(contentOf(10)));
  await played.stop();
  played = await PlayedStore.start({ versioning: 'Enabled' });
  store = await played.open();
  await store.write('a', streamed(contentOf(10)));
  await store.write('ab', streamed(contentOf(10)));
  played.fault = ({ method, key, query }) => {
    if (method === 'DELETE') deleted.push(`${key} ${query.get('versionId')}`);
    return undefined;
  };
  await store.delete('a');
  expect(deleted).toEqual(['place/blobs/a null']);
  expect(await store.list({ limit: 10 })).toEqual(['ab']);
});

describe('lists', () => {
  test('of more than a page, past what is no blob', async () => {
    const object = { bytes: Buffer.alloc(5), etag: '"x"', metadata: {} };
    const ids = Array.from({ length: 2_500 }, (_, i) => String(i).padStart(5, '0'));
    for (const id of ids) played.bucket.objects.set(`place/blobs/${id}`, object);
    for (const odd of ['place/blobs/', 'place/blobs/A', 'place/blobs/00000/x', 'place/blobs0'])
      played.bucket.objects.set(odd, object);
    expect(await store.list({ limit: 5_000 })).toEqual(ids);
    expect(await store.list({ after: '01233', limit: 2 })).toEqual(['01234', '01235']);
  });

  test('in another order than that of bytes are refused', async () => {
    for (const id of ['a', 'b']) await store.write(id, streamed(contentOf(1)));
    played.once(({ query }) => query.has('list-type'), {
      kind: 'answer',
      change: (answer) => ({
        ...answer,
        body: String(answer.body).replace('blobs/a', 'blobs/x').replace('blobs/b', 'blobs/a'),
      }),
    });
    await expect(store.list({ limit: 10 })).rejects.toThrow(/does not list in bytewise order/);
  });
});

describe('sweeping', () => {
  const upload = (key: string, age: number) => {
    const begunAt = new Date(now - age).toISOString();
    played.bucket.uploads.set(`${key}${age}`, { key, metadata: {}, parts: new Map(), begunAt });
  };
  const left = () => [...played.bucket.uploads.keys()];

  test('ends what nobody writes any more, and of others’ copies and probes only old ones', async () => {
    upload('place/blobs/dead', 1);
    upload('place/blobs/live', 90 * hour);
    upload('place/quarantine/a/0000000000000005', hour);
    upload('place/quarantine/b/0000000000000005', 25 * hour);
    upload('place/probes/x', 25 * hour);
    upload('other/blobs/dead', 90 * hour);
    expect(await store.sweep({ live: async (blobId) => blobId === 'live' })).toBe(3);
    expect(left()).toEqual([
      `place/blobs/live${90 * hour}`,
      `place/quarantine/a/0000000000000005${hour}`,
      `other/blobs/dead${90 * hour}`,
    ]);
    expect(await store.sweep()).toBe(2);
    expect(left()).toEqual([`other/blobs/dead${90 * hour}`]);
  });

  test('removes objects of openings that never ended', async () => {
    const object = { bytes: Buffer.alloc(5), etag: '"x"', metadata: {} };
    // The played store says of all objects that they were written on the first of January.
    played.bucket.objects.set('place/probes/x', object);
    expect(await store.sweep({ live: () => true })).toBe(1);
    expect([...played.bucket.objects.keys()]).toEqual(['place/store.json']);
  });

  test('does not count an upload that ended meanwhile', async () => {
    upload('place/blobs/a', 1);
    const live = () => {
      played.bucket.uploads.clear();
      return false;
    };
    expect(await store.sweep({ live })).toBe(0);
  });
});
