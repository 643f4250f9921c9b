import { describe, expect, test } from 'vitest';
import { streamOf } from '@coffer/bytes';
import type { EncryptionRequest } from '@coffer/sse-schema';
import { StoreError, keys } from '@coffer/storage-ports';
import { seededRandom } from '@coffer/storage-testkit';
import {
  bodyOf,
  census,
  createFixture,
  customer,
  failingStream,
  md5Of,
  newFile,
  readBack,
  sampleBytes,
  sha1Of,
  startTime,
  uploadTo,
} from '../../test/fixture.ts';
import { createStorage } from '../create-storage.ts';

const modes: readonly (readonly [string, () => EncryptionRequest])[] = [
  ['none', () => ({ mode: 'none' })],
  ['SSE-B2', () => ({ mode: 'SSE-B2' })],
  ['SSE-C', () => customer(1)],
];
const sizes = [0, 1, 16_383, 16_384, 16_385, 65_400, 65_537, 200_000];

describe.each(modes)('a file with %s', (mode, request) => {
  test.each(sizes)('of %i bytes comes back as it was sent, whole and in ranges', async (size) => {
    const fixture = await createFixture();
    const data = sampleBytes(size);
    const version = await uploadTo(fixture, 'dir/name', data, { encryption: request() });
    expect(version).toMatchObject({
      action: 'upload',
      name: 'dir/name',
      size,
      contentSha1: { sha1: sha1Of(data), verified: true },
      contentMd5: md5Of(data),
      encryption: { mode },
      uploadTimestamp: startTime,
    });
    expect(await fixture.storage.files.get(version.fileId)).toEqual(version);
    expect(await fixture.storage.files.getByName(fixture.bucket.bucketId, 'dir/name')).toEqual(version);
    expect(await readBack(fixture.storage, version, request())).toEqual(data);
    for (const [start, end] of [
      [0, 0],
      [size >> 1, size],
      [Math.max(0, size - 1), size],
      [size >> 2, size >> 1],
    ] as const)
      expect(await readBack(fixture.storage, version, request(), { start, length: end - start })).toEqual(
        data.slice(start, end),
      );
  });

  test('is stored encrypted unless it asks for nothing, in the blob store or beside its record', async () => {
    const fixture = await createFixture({ options: { inlineThreshold: 1_000 } });
    const data = new TextEncoder().encode('plain text '.repeat(500));
    const small = await uploadTo(fixture, 'small', data.subarray(0, 110), { encryption: request() });
    const big = await uploadTo(fixture, 'big', data, { encryption: request() });
    const inline = await fixture.metadata.get('inlineBlobs', keys.inlineBlobs(small.blobId!));
    const stored: Buffer[] = [];
    for await (const piece of await fixture.blobs.read(big.blobId!)) stored.push(Buffer.from(piece));
    expect(Buffer.from(inline!.value).includes('plain text')).toBe(mode === 'none');
    expect(Buffer.concat(stored).includes('plain text')).toBe(mode === 'none');
    expect(await census(fixture)).toMatchObject({ inlineBlobs: 1, blobs: 1, blobReferences: 2 });
  });
});

test('every version has a file key of its own', async () => {
  const fixture = await createFixture();
  const versions = await Promise.all(
    [1, 2, 3].map(() => uploadTo(fixture, 'same', sampleBytes(50), { encryption: { mode: 'SSE-B2' } })),
  );
  const wrapped = versions.map((version) => Buffer.from(version.encryption.wrappedKey!).toString('hex'));
  expect(new Set(wrapped).size).toBe(3);
});

describe('the bucket default', () => {
  test.each([
    ['nothing', undefined, 'SSE-B2'],
    ['none', { mode: 'none' } as const, 'SSE-B2'],
    ['a customer key', customer(3), 'SSE-C'],
  ])('SSE-B2 with %s asked for', async (_, encryption, mode) => {
    const fixture = await createFixture({ bucket: { defaultEncryption: 'SSE-B2' } });
    const version = await uploadTo(fixture, 'a', sampleBytes(5), encryption && { encryption });
    expect(version.encryption.mode).toBe(mode);
  });

  test('the server may encrypt by default', async () => {
    const fixture = await createFixture({ options: { encryptByDefault: true } });
    expect((await uploadTo(fixture, 'a')).encryption.mode).toBe('SSE-B2');
    expect(fixture.bucket.defaultEncryption).toBe('SSE-B2');
  });
});

describe('digests', () => {
  test('a wrong SHA-1 or MD5 leaves nothing behind', async () => {
    const fixture = await createFixture({ options: { inlineThreshold: 100 } });
    const before = await census(fixture);
    const file = newFile(fixture.bucket.bucketId, 'a');
    for (const size of [10, 1_000]) {
      const data = sampleBytes(size);
      const wrongSha1 = bodyOf(data, { sha1: { kind: 'given', sha1: '0'.repeat(40) } });
      await expect(fixture.storage.files.upload(file, wrongSha1)).rejects.toMatchObject({
        code: 'checksum_mismatch',
        details: { algorithm: 'SHA-1' },
      });
      await expect(fixture.storage.files.upload(file, bodyOf(data, { md5: new Uint8Array(16) }))).rejects.toMatchObject(
        { code: 'checksum_mismatch', details: { algorithm: 'MD5' } },
      );
    }
    expect(await census(fixture)).toEqual(before);
  });

  test.each(['whole', 'byte by byte'])('the SHA-1 may follow the data, sent %s', async (how) => {
    const fixture = await createFixture();
    const data = sampleBytes(300);
    const sent = Buffer.concat([data, Buffer.from(sha1Of(data).toUpperCase())]);
    const pieces = how === 'whole' ? [sent] : Array.from(sent, (byte) => Uint8Array.of(byte));
    const body = { stream: streamOf(...pieces), length: sent.length };
    const file = newFile(fixture.bucket.bucketId, 'a');
    const version = await fixture.storage.files.upload(file, { body, sha1: { kind: 'atEnd' } });
    expect(version).toMatchObject({ size: 300, contentSha1: { sha1: sha1Of(data), verified: true } });
    expect(await readBack(fixture.storage, version)).toEqual(data);
    for (const [digit, error] of [
      ['0', { code: 'checksum_mismatch' }],
      ['z', { code: 'trailing_sha1_malformed', details: { received: 'z'.repeat(40) } }],
    ] as const) {
      const wrong = { stream: streamOf(data, Buffer.alloc(40, digit)), length: sent.length };
      const upload = fixture.storage.files.upload(file, { body: wrong, sha1: { kind: 'atEnd' } });
      await expect(upload).rejects.toMatchObject(error);
    }
  });

  test('unverified: computed or as given', async () => {
    const fixture = await createFixture();
    const file = newFile(fixture.bucket.bucketId, 'a');
    const data = sampleBytes(9);
    const computed = await fixture.storage.files.upload(file, bodyOf(data, { sha1: { kind: 'unverified' } }));
    expect(computed.contentSha1).toEqual({ sha1: sha1Of(data), verified: false });
    const sha1 = 'AB'.repeat(20);
    const given = await fixture.storage.files.upload(file, bodyOf(data, { sha1: { kind: 'unverified', sha1 } }));
    expect(given.contentSha1).toEqual({ sha1: sha1.toLowerCase(), verified: false });
  });
});

describe('what is refused', () => {
  /** A body that says whether anyone looked at it. */
  function untouched() {
    const state = { read: false };
    const stream = (async function* () {
      state.read = true;
      yield sampleBytes(5);
    })();
    return { state, content: { body: { stream, length: 5 }, sha1: { kind: 'unverified' } as const } };
  }

  test.each([
    ['a missing bucket', { bucketId: '0'.repeat(24) }, 'bucket_missing'],
    ['too much metadata', { fileInfo: { big: 'x'.repeat(7_000) } }, 'metadata_too_large'],
    [
      'too much metadata beside encryption',
      { fileInfo: { big: 'x'.repeat(2_048) }, encryption: { mode: 'SSE-B2' } },
      'metadata_too_large',
    ],
    ['a lock without a lock-enabled bucket', { legalHold: 'on' }, 'bucket_lock_missing'],
    ['a custom timestamp', { customTimestamp: 1 }, 'custom_timestamp_not_allowed'],
    ['an empty name', { name: '' }, 'invalid'],
    ['a control character', { name: 'a\u0001' }, 'invalid'],
    ['a long name', { name: 'ä'.repeat(513) }, 'invalid'],
  ] as const)('%s, before the body is read', async (_, changes, code) => {
    const fixture = await createFixture();
    const { state, content } = untouched();
    const file = newFile(fixture.bucket.bucketId, 'a', changes);
    await expect(fixture.storage.files.upload(file, content)).rejects.toMatchObject({ code });
    expect(state.read).toBe(false);
  });

  test('too much data, before it is read', async () => {
    const fixture = await createFixture();
    const { state, content } = untouched();
    const huge = { ...content, body: { ...content.body, length: 5 * 1024 ** 3 + 1 } };
    await expect(fixture.storage.files.upload(newFile(fixture.bucket.bucketId, 'a'), huge)).rejects.toMatchObject({
      code: 'body_too_large',
    });
    expect(state.read).toBe(false);
  });

  test.each([
    ['shorter', 11, 'body_incomplete'],
    ['longer', 9, 'invalid'],
  ])('a body %s than announced', async (_, length, code) => {
    const fixture = await createFixture({ options: { inlineThreshold: 0 } });
    const before = await census(fixture);
    const data = sampleBytes(10);
    const body = { stream: streamOf(data), length };
    const file = newFile(fixture.bucket.bucketId, 'a');
    await expect(fixture.storage.files.upload(file, { body, sha1: { kind: 'unverified' } })).rejects.toMatchObject({
      code,
    });
    expect(await census(fixture)).toEqual(before);
  });

  test('a bucket that is deleted during the upload', async () => {
    const fixture = await createFixture({ options: { inlineThreshold: 0 } });
    const stream = (async function* () {
      yield sampleBytes(5);
      await fixture.storage.buckets.delete(fixture.bucket.bucketId);
      yield sampleBytes(5);
    })();
    const content = { body: { stream, length: 10 }, sha1: { kind: 'unverified' } as const };
    await expect(fixture.storage.files.upload(newFile(fixture.bucket.bucketId, 'a'), content)).rejects.toMatchObject({
      code: 'bucket_missing',
    });
    expect(await fixture.blobs.list({ limit: 10 })).toEqual([]);
  });
});

describe('interruption', () => {
  test.each([0, 65_536])('a body that fails leaves nothing (inline up to %i)', async (inlineThreshold) => {
    const fixture = await createFixture({ options: { inlineThreshold } });
    const before = await census(fixture);
    const stream = failingStream(sampleBytes(500), new Error('the client went away'));
    const content = { body: { stream, length: 1_000 }, sha1: { kind: 'unverified' } as const };
    const file = newFile(fixture.bucket.bucketId, 'a', { encryption: { mode: 'SSE-B2' } });
    await expect(fixture.storage.files.upload(file, content)).rejects.toThrow('the client went away');
    expect(await census(fixture)).toEqual(before);
  });

  test.each([
    ['in the middle', 1],
    ['after the last byte', 2],
  ])('a signal %s leaves nothing', async (_, pieces) => {
    const fixture = await createFixture({ options: { inlineThreshold: 0 } });
    const before = await census(fixture);
    const controller = new AbortController();
    let finallyRan = false;
    const stream = (async function* () {
      try {
        for (let sent = 1; sent <= 2; sent++) {
          yield sampleBytes(500);
          if (sent === pieces) controller.abort(new Error('gone'));
        }
      } finally {
        finallyRan = true;
      }
    })();
    const content = {
      body: { stream, length: 1_000 },
      sha1: { kind: 'unverified' } as const,
      signal: controller.signal,
    };
    await expect(fixture.storage.files.upload(newFile(fixture.bucket.bucketId, 'a'), content)).rejects.toThrow('gone');
    expect(finallyRan).toBe(true);
    expect(await census(fixture)).toEqual(before);
  });
});

test.each(['full', 'conflict'] as const)('a commit that fails with %s leaves no blob', async (code) => {
  const fixture = await createFixture({ options: { inlineThreshold: 0 } });
  await uploadTo(fixture, 'earlier');
  const before = await census(fixture);
  fixture.metadata.commit = () => Promise.reject(new StoreError(code, 'refused'));
  await expect(uploadTo(fixture, 'a')).rejects.toMatchObject({
    code: code === 'full' ? 'storage_full' : 'storage_unavailable',
  });
  expect(await census(fixture)).toEqual(before);
});

test('a blob is kept when nobody knows whether its commit took effect', async () => {
  const fixture = await createFixture({ options: { inlineThreshold: 0 } });
  await uploadTo(fixture, 'earlier');
  const commit = fixture.metadata.commit.bind(fixture.metadata);
  fixture.metadata.commit = async (writes) => {
    await commit(writes);
    throw new StoreError('io', 'no acknowledgement');
  };
  await expect(uploadTo(fixture, 'a')).rejects.toMatchObject({ code: 'storage_unavailable' });
  const version = await fixture.storage.files.getByName(fixture.bucket.bucketId, 'a');
  expect(await readBack(fixture.storage, version)).toEqual(sampleBytes(10));
});

describe('timestamps', () => {
  test('of one name strictly increase, also when the clock stands still or is set back', async () => {
    const fixture = await createFixture();
    const times: number[] = [];
    for (const step of [0, 0, -5_000, 10]) {
      fixture.clock.advance(step);
      times.push((await uploadTo(fixture, 'a')).uploadTimestamp);
    }
    expect(times).toEqual([startTime, startTime + 1, startTime + 2, startTime + 3]);
    expect((await uploadTo(fixture, 'b')).uploadTimestamp).toBe(startTime - 4_990);
  });

  test('set by the uploader, where that is enabled', async () => {
    const fixture = await createFixture({ options: { customTimestamps: true } });
    const newer = await uploadTo(fixture, 'a', sampleBytes(1), { customTimestamp: 2_000 });
    const older = await uploadTo(fixture, 'a', sampleBytes(2), { customTimestamp: 1_000 });
    expect([newer.uploadTimestamp, older.uploadTimestamp]).toEqual([2_000, 1_000]);
    expect(await fixture.storage.files.getByName(fixture.bucket.bucketId, 'a')).toEqual(newer);
    for (const customTimestamp of [startTime + 1, -1, 0.5])
      await expect(uploadTo(fixture, 'a', sampleBytes(1), { customTimestamp })).rejects.toMatchObject({
        code: 'custom_timestamp_invalid',
      });
  });
});

test('uploads of one name at once all become versions, the newest is current', async () => {
  const fixture = await createFixture();
  const versions = await Promise.all(Array.from({ length: 60 }, (_, n) => uploadTo(fixture, 'a', sampleBytes(n))));
  const times = versions.map((version) => version.uploadTimestamp);
  expect(new Set(times).size).toBe(60);
  const newest = versions.find((version) => version.uploadTimestamp === Math.max(...times));
  expect(await fixture.storage.files.getByName(fixture.bucket.bucketId, 'a')).toEqual(newest);
  expect(await census(fixture)).toMatchObject({ fileVersions: 60, fileIds: 60, nameHeads: 1, visibleNames: 1 });
});

test('two processes may share the stores', async () => {
  const fixture = await createFixture();
  const other = createStorage({ ...fixture, random: seededRandom('another process') });
  const data = sampleBytes(5);
  const file = newFile(fixture.bucket.bucketId, 'a');
  const uploads = Array.from({ length: 30 }, (_, n) =>
    (n % 2 === 0 ? fixture.storage : other).files.upload(file, bodyOf(data)),
  );
  const times = (await Promise.all(uploads)).map((version) => version.uploadTimestamp);
  expect(new Set(times).size).toBe(30);
});

test('a small upload is one commit', async () => {
  const fixture = await createFixture();
  let commits = 0;
  const commit = fixture.metadata.commit.bind(fixture.metadata);
  fixture.metadata.commit = (writes) => {
    commits++;
    return commit(writes);
  };
  await uploadTo(fixture, 'a', sampleBytes(100), { encryption: { mode: 'SSE-B2' } });
  expect(commits).toBe(1);
});
