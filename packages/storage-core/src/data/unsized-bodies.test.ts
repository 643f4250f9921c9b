import type { ByteStream } from '@coffer/bytes';
import { ByteStreamError, streamOf } from '@coffer/bytes';
import { checksumOf } from '@coffer/checksums';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EncryptionRequest } from '@coffer/sse-schema';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';
import {
  census,
  createFixture,
  customer,
  failingStream,
  md5Of,
  newFile,
  readBack,
  sampleBytes,
  sha1Of,
  type Fixture,
} from '../../test/fixture.ts';
import type { UploadBody } from '../services/storage.ts';
import { readAhead } from './read-ahead.ts';

const inlineThreshold = 1_000;
const modes: readonly (readonly [string, () => EncryptionRequest])[] = [
  ['none', () => ({ mode: 'none' })],
  ['SSE-B2', () => ({ mode: 'SSE-B2' })],
  ['SSE-C', () => customer(1)],
];

const cut = (data: Uint8Array, size: number) =>
  Array.from({ length: Math.ceil(data.length / size) }, (_, at) => data.subarray(at * size, (at + 1) * size));

function unsized(stream: ByteStream, maximum = 100_000, changes: Partial<UploadBody> = {}): UploadBody {
  return { body: { stream, length: undefined, maximum }, sha1: { kind: 'unverified' }, ...changes };
}

/** A stream that tells whether it was ended. */
function watched(...pieces: readonly Uint8Array[]) {
  const seen = { pulled: 0, ended: false };
  const stream = (async function* () {
    try {
      for (const piece of pieces) {
        seen.pulled++;
        yield await Promise.resolve(piece);
      }
    } finally {
      seen.ended = true;
    }
  })();
  return { stream, seen };
}

test.each([60_000, 70_000])('%i single bytes are read ahead and handed on in few pieces', async (size) => {
  const data = sampleBytes(size);
  const given = { stream: streamOf(...cut(data, 1)), length: undefined, maximum: size, signal: undefined };
  const { stream, length } = await readAhead({ ...given, claims: { sha1: { kind: 'unverified' } } }, 65_536);
  expect(length).toBe(size <= 65_536 ? size : undefined);
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  expect(Buffer.concat(pieces).equals(data)).toBe(true);
  // What is behind the part that was read ahead comes as it is.
  expect(pieces.length).toBeLessThan(600 + Math.max(0, size - 65_536));
});

describe.each(modes)('a body of unknown length with %s', (mode, request) => {
  const read = ({ storage }: Fixture, version: Parameters<typeof readBack>[1]) =>
    readBack(storage, version, mode === 'SSE-C' ? request() : undefined);

  test.each([
    [0, 'inline'],
    [1, 'inline'],
    [999, 'inline'],
    [1_000, 'inline'],
    [1_001, 'stored'],
    [20_000, 'stored'],
  ] as const)('of %i bytes is %s', async (length, where) => {
    const data = sampleBytes(length);
    for (const size of [1, 300, 1_000, 30_000]) {
      if (length > 1_001 && size === 1) continue;
      const fixture = await createFixture({ options: { inlineThreshold } });
      const { storage, bucket } = fixture;
      const before = await census(fixture);
      const value = await checksumOf('CRC32C', data);
      const content = unsized(streamOf(...cut(data, size)), 20_000, {
        sha1: { kind: 'given', sha1: sha1Of(data) },
        md5: Uint8Array.from(Buffer.from(md5Of(data), 'hex')),
        further: { algorithm: 'CRC32C', expected: () => value },
      });
      const version = await storage.files.upload(newFile(bucket.bucketId, 'a', { encryption: request() }), content);
      expect(version).toMatchObject({ size: length, contentSha1: { sha1: sha1Of(data), verified: true } });
      expect(await read(fixture, version)).toEqual(data);
      expect(before).not.toHaveProperty('inlineBlobs');
      const { inlineBlobs = 0, blobs = 0 } = await census(fixture);
      expect([inlineBlobs, blobs]).toEqual(where === 'inline' ? [1, 0] : [0, 1]);
    }
  });

  test('of a part', async () => {
    const fixture = await createFixture({ options: { inlineThreshold } });
    const { storage, bucket } = fixture;
    const { fileId } = await storage.largeFiles.start(newFile(bucket.bucketId, 'a', { encryption: request() }));
    const key = mode === 'SSE-C' ? { encryption: request() } : {};
    const contents = [sampleBytes(3_000, 1), sampleBytes(50, 2)];
    const listed = [];
    for (const [index, data] of contents.entries()) {
      const target = { fileId, partNumber: index + 1, ...key };
      const { entityTag, partNumber } = await storage.largeFiles.uploadPart(target, unsized(streamOf(data)));
      listed.push({ entityTag, partNumber });
    }
    const version = await storage.largeFiles.complete(fileId, listed);
    expect(await read(fixture, version)).toEqual(Uint8Array.from(Buffer.concat(contents)));
  });

  test.each([
    [500, 500],
    [500, 1],
    [1_000, 300],
    [5_000, 300],
    [5_000, 9_000],
  ])('of more than %i bytes, in pieces of %i, is refused and leaves nothing', async (maximum, size) => {
    const fixture = await createFixture({ options: { inlineThreshold } });
    const before = await census(fixture);
    const upload = (stream: ByteStream) =>
      fixture.storage.files.upload(
        newFile(fixture.bucket.bucketId, 'a', { encryption: request() }),
        unsized(stream, maximum),
      );
    const { stream, seen } = watched(...cut(sampleBytes(maximum + 1), size), sampleBytes(1), sampleBytes(1));
    await expect(upload(stream)).rejects.toMatchObject({ code: 'body_too_large', details: { limit: maximum } });
    expect(seen).toEqual({ pulled: Math.ceil((maximum + 1) / size), ended: true });
    expect(await census(fixture)).toEqual(before);
    expect(await upload(streamOf(...cut(sampleBytes(maximum), size)))).toMatchObject({ size: maximum });
  });

  test.each([
    ['before there is any data', 0],
    ['in small data', 500],
    ['in large data', 5_000],
  ])('that fails %s leaves nothing', async (_, length) => {
    const fixture = await createFixture({ options: { inlineThreshold } });
    const before = await census(fixture);
    const upload = (stream: ByteStream, changes?: Partial<UploadBody>) =>
      fixture.storage.files.upload(
        newFile(fixture.bucket.bucketId, 'a', { encryption: request() }),
        unsized(stream, 10_000, changes),
      );
    const data = sampleBytes(length);
    const gone = new Error('the client is gone');
    await expect(upload(failingStream(data, gone))).rejects.toBe(gone);
    for (const [code, meaning] of [
      ['stream_too_short', 'body_incomplete'],
      ['stream_too_long', 'body_too_large'],
    ] as const)
      await expect(upload(failingStream(data, new ByteStreamError(code, 'said so')))).rejects.toMatchObject({
        code: meaning,
      });
    await expect(
      upload(streamOf(data), { sha1: { kind: 'given', sha1: sha1Of(sampleBytes(7)) } }),
    ).rejects.toMatchObject({ code: 'checksum_mismatch' });
    const { stream, seen } = watched(data, data);
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(upload(stream, { signal: stopped })).rejects.toThrow('stopped');
    expect(seen.pulled).toBe(0);
    expect(await census(fixture)).toEqual(before);
  });
});

test('is not read further than it is written', async () => {
  const metadata = createMemoryMetadataStore();
  const blobs = createMemoryBlobStore();
  const pieces = cut(sampleBytes(100_000), 100);
  const { stream, seen } = watched(...pieces);
  let most = 0;
  const write = blobs.write.bind(blobs);
  blobs.write = async (blobId, body, options) => {
    const counted = (async function* () {
      let taken = 0;
      for await (const piece of body) {
        taken += piece.length;
        most = Math.max(most, seen.pulled * 100 - taken);
        yield piece;
      }
    })();
    return write(blobId, counted, options);
  };
  const fixture = await createFixture({ options: { inlineThreshold }, stores: { metadata, blobs } });
  const file = newFile(fixture.bucket.bucketId, 'a', { encryption: { mode: 'none' } });
  expect(await fixture.storage.files.upload(file, unsized(stream))).toMatchObject({ size: 100_000 });
  // The threshold, and the piece that went over it.
  expect(most).toBe(inlineThreshold);
});

test('is ended where the store does not take it', async () => {
  const fixture = await createFixture({ options: { inlineThreshold } });
  fixture.blobs.write = () => Promise.reject(new Error('no'));
  fixture.metadata.commit = () => Promise.reject(new Error('no'));
  const { stream, seen } = watched(sampleBytes(900), sampleBytes(900), sampleBytes(900));
  const file = newFile(fixture.bucket.bucketId, 'a', { encryption: { mode: 'SSE-B2' } });
  await expect(fixture.storage.files.upload(file, unsized(stream))).rejects.toThrow();
  expect(seen).toEqual({ pulled: 2, ended: true });
});

test('with the SHA-1 at its end is refused', async () => {
  const fixture = await createFixture();
  const file = newFile(fixture.bucket.bucketId, 'a');
  await expect(
    fixture.storage.files.upload(file, unsized(streamOf(), 100, { sha1: { kind: 'atEnd' } })),
  ).rejects.toMatchObject({ code: 'invalid', details: { field: 'body' } });
});

test('property: whatever its pieces, it is what was sent', async () => {
  const fixture = await createFixture({ options: { inlineThreshold } });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 6 }), async (pieces) => {
      const data = Uint8Array.from(Buffer.concat(pieces));
      const file = newFile(fixture.bucket.bucketId, 'a', { encryption: { mode: 'SSE-B2' } });
      const version = await fixture.storage.files.upload(file, unsized(streamOf(...pieces), data.length));
      expect(await readBack(fixture.storage, version)).toEqual(data);
    }),
    { numRuns: 100 },
  );
});
