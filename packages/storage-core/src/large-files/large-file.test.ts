import { describe, expect, test } from 'vitest';
import type { EncryptionRequest } from '@coffer/sse-schema';
import { keys, type PartRecord } from '@coffer/storage-ports';
import {
  beforeNextCommit,
  bodyOf,
  census,
  createFixture,
  customer,
  largeFile,
  md5Of,
  newFile,
  readBack,
  sampleBytes,
  sha1Of,
  storedBytes,
  uploadTo,
  type Fixture,
} from '../../test/fixture.ts';

const modes: readonly (readonly [string, () => EncryptionRequest])[] = [
  ['none', () => ({ mode: 'none' })],
  ['SSE-B2', () => ({ mode: 'SSE-B2' })],
  ['SSE-C', () => customer(1)],
];

async function start({ storage, bucket }: Fixture, name = 'large'): Promise<string> {
  return (await storage.largeFiles.start(newFile(bucket.bucketId, name))).fileId;
}

describe.each(modes)('a large file with %s', (mode, request) => {
  test('is its parts one after the other', async () => {
    const fixture = await createFixture({ options: { inlineThreshold: 20_000 } });
    const { storage, bucket } = fixture;
    const parts = [sampleBytes(40_000, 1), sampleBytes(100, 2), sampleBytes(7, 3)];
    const started = await storage.largeFiles.start(newFile(bucket.bucketId, 'large', { encryption: request() }));
    expect(started).toMatchObject({ action: 'start', size: 0, contentSha1: null, partCount: null });
    const { fileId } = started;
    fixture.clock.advance(1_000);
    const key = mode === 'SSE-C' ? { encryption: request() } : {};
    for (const partNumber of [3, 1, 2]) {
      const data = parts[partNumber - 1]!;
      const part = await storage.largeFiles.uploadPart({ fileId, partNumber, ...key }, bodyOf(data));
      expect(part).toMatchObject({
        partNumber,
        size: data.length,
        contentSha1: { sha1: sha1Of(data), verified: true },
        contentMd5: md5Of(data),
      });
    }
    await expect(storage.reads.open(started, request())).rejects.toMatchObject({ code: 'file_missing' });
    await expect(storage.files.getByName(bucket.bucketId, 'large')).rejects.toMatchObject({ code: 'file_missing' });
    const finished = await storage.largeFiles.finish(fileId, parts.map(sha1Of));
    expect(finished).toMatchObject({
      fileId,
      action: 'upload',
      size: 40_107,
      partCount: 3,
      uploadTimestamp: started.uploadTimestamp,
      committedAt: started.uploadTimestamp + 1_000,
      encryption: { mode },
    });
    expect(await storage.files.getByName(bucket.bucketId, 'large')).toEqual(finished);
    const whole = Uint8Array.from(Buffer.concat(parts));
    expect(await readBack(storage, finished, request())).toEqual(whole);
    for (const [start, length] of [
      [39_990, 117],
      [40_000, 100],
      [40_099, 8],
      [0, 0],
    ] as const)
      expect(await readBack(storage, finished, request(), { start, length })).toEqual(
        whole.slice(start, start + length),
      );
    expect((await storedBytes(fixture)).includes(Buffer.from(parts[1]!))).toBe(mode === 'none');
    const counts = await census(fixture);
    expect(counts).toMatchObject({ parts: 3, blobReferences: 3, blobs: 1, inlineBlobs: 2 });
    expect(counts).not.toHaveProperty('unfinishedFiles');
    expect(counts).not.toHaveProperty('partEpochs');
  });

  test.each(['cancel', 'delete unfinished', 'delete finished'])('%s frees everything', async (how) => {
    const fixture = await createFixture({ options: { inlineThreshold: 20_000 } });
    const { storage, bucket } = fixture;
    const before = await census(fixture);
    const { fileId } = await storage.largeFiles.start(newFile(bucket.bucketId, 'l', { encryption: request() }));
    const key = mode === 'SSE-C' ? { encryption: request() } : {};
    const parts = [sampleBytes(30_000), sampleBytes(50)];
    for (const [index, data] of parts.entries())
      await storage.largeFiles.uploadPart({ fileId, partNumber: index + 1, ...key }, bodyOf(data));
    if (how === 'delete finished') await storage.largeFiles.finish(fileId, parts.map(sha1Of));
    if (how === 'cancel') await storage.largeFiles.cancel(fileId);
    else await storage.files.deleteVersion({ name: 'l', fileId, bypassGovernance: false });
    expect(await census(fixture)).toEqual(before);
    await expect(storage.largeFiles.cancel(fileId)).rejects.toMatchObject({ code: 'no_active_upload' });
  });
});

describe('the encryption of parts', () => {
  test.each([
    ['SSE-C without key', customer(1), undefined, 'part_customer_key_required'],
    ['SSE-C with another key', customer(1), customer(2), 'customer_key_mismatch'],
    ['SSE-C with SSE-B2', customer(1), { mode: 'SSE-B2' }, 'part_encryption_mismatch'],
    ['SSE-B2 with a key', { mode: 'SSE-B2' }, customer(1), 'part_encryption_mismatch'],
    ['none with a key', { mode: 'none' }, customer(1), 'part_encryption_mismatch'],
  ] as const)('%s is refused', async (_, started, given, violation) => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    const { fileId } = await storage.largeFiles.start(newFile(bucket.bucketId, 'l', { encryption: started }));
    const before = await census(fixture);
    const part = { fileId, partNumber: 1, ...(given && { encryption: given }) };
    await expect(storage.largeFiles.uploadPart(part, bodyOf(sampleBytes(5)))).rejects.toMatchObject({
      code: 'sse_violation',
      details: { violation },
    });
    expect(await census(fixture)).toEqual(before);
  });

  test('is that of the start, also when the default changes meanwhile', async () => {
    const fixture = await createFixture({ bucket: { defaultEncryption: 'SSE-B2' } });
    const { storage, bucket } = fixture;
    const fileId = await start(fixture);
    await storage.buckets.update(bucket.bucketId, { defaultEncryption: 'none' });
    const parts = [sampleBytes(100), sampleBytes(100, 1)];
    for (const [index, data] of parts.entries())
      await storage.largeFiles.uploadPart({ fileId, partNumber: index + 1 }, bodyOf(data));
    const finished = await storage.largeFiles.finish(fileId, parts.map(sha1Of));
    expect(finished.encryption.mode).toBe('SSE-B2');
    expect((await storedBytes(fixture)).includes(Buffer.from(parts[0]!))).toBe(false);
  });
});

test('a part that is uploaded again replaces the first and its blob', async () => {
  const fixture = await createFixture({ options: { inlineThreshold: 200 } });
  const fileId = await start(fixture);
  for (const size of [500, 100, 600, 700])
    await fixture.storage.largeFiles.uploadPart({ fileId, partNumber: 1 }, bodyOf(sampleBytes(size)));
  const { parts } = await fixture.storage.largeFiles.listParts({ fileId, limit: 10 });
  expect(parts).toMatchObject([{ partNumber: 1, size: 700 }]);
  const counts = await census(fixture);
  expect(counts).toMatchObject({ blobs: 1, blobReferences: 1, parts: 1 });
  expect(counts).not.toHaveProperty('inlineBlobs');
  expect(counts).not.toHaveProperty('pendingDeletions');
});

describe('finish', () => {
  const a = sampleBytes(100, 1);
  const b = sampleBytes(100, 2);
  test.each([
    ['one part', [[1, a]], [sha1Of(a)], { code: 'too_few_parts' }],
    ['a missing part', [[1, a]], [sha1Of(a), sha1Of(b)], { code: 'part_missing', details: { partNumber: 2 } }],
    [
      'a gap',
      [
        [1, a],
        [3, b],
      ],
      [sha1Of(a), sha1Of(b)],
      { code: 'part_missing', details: { partNumber: 2 } },
    ],
    [
      'another SHA-1',
      [
        [1, a],
        [2, b],
      ],
      [sha1Of(a), sha1Of(a)],
      { code: 'part_sha1_mismatch', details: { partNumber: 2 } },
    ],
    [
      'more parts than SHA-1s',
      [
        [1, a],
        [2, b],
        [3, a],
      ],
      [sha1Of(a), sha1Of(b)],
      { code: 'invalid' },
    ],
    [
      'a small part',
      [
        [1, sampleBytes(99)],
        [2, b],
      ],
      [sha1Of(sampleBytes(99)), sha1Of(b)],
      { code: 'part_too_small', details: { partNumber: 1, minimum: 100 } },
    ],
    [
      'an empty last part',
      [
        [1, a],
        [2, sampleBytes(0)],
      ],
      [sha1Of(a), sha1Of(sampleBytes(0))],
      { code: 'part_too_small' },
    ],
  ] as const)('with %s is refused and can be repeated', async (_, parts, sha1s, expected) => {
    const fixture = await createFixture();
    const fileId = await start(fixture);
    for (const [partNumber, data] of parts)
      await fixture.storage.largeFiles.uploadPart({ fileId, partNumber }, bodyOf(data));
    await expect(fixture.storage.largeFiles.finish(fileId, sha1s)).rejects.toMatchObject(expected);
    expect(await fixture.storage.largeFiles.get(fileId)).toMatchObject({ action: 'start' });
  });

  test('twice, or of an unknown file, is refused', async () => {
    const fixture = await createFixture();
    const finished = await largeFile(fixture, 'l', [a, b]);
    for (const fileId of [finished.fileId, 'unknown', 'x'.repeat(5_000)])
      await expect(fixture.storage.largeFiles.finish(fileId, [sha1Of(a), sha1Of(b)])).rejects.toMatchObject({
        code: 'no_active_upload',
      });
  });

  test('compares unverified parts by their bare hash, of either case', async () => {
    const fixture = await createFixture();
    const fileId = await start(fixture);
    for (const partNumber of [1, 2])
      await fixture.storage.largeFiles.uploadPart({ fileId, partNumber }, bodyOf(a, { sha1: { kind: 'unverified' } }));
    const sha1 = sha1Of(a).toUpperCase();
    expect(await fixture.storage.largeFiles.finish(fileId, [sha1, sha1])).toMatchObject({ size: 200 });
  });

  test('does not make a file current that was started before a newer version', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    const fileId = await start(fixture, 'name');
    const newer = await uploadTo(fixture, 'name');
    for (const partNumber of [1, 2]) await storage.largeFiles.uploadPart({ fileId, partNumber }, bodyOf(a));
    const finished = await storage.largeFiles.finish(fileId, [sha1Of(a), sha1Of(a)]);
    expect(await storage.files.getByName(bucket.bucketId, 'name')).toEqual(newer);
    await storage.files.deleteVersion({ name: 'name', fileId: newer.fileId, bypassGovernance: false });
    expect(await storage.files.getByName(bucket.bucketId, 'name')).toEqual(finished);
  });

  test('that races with parts never seals a part that is not there', async () => {
    const fixture = await createFixture({ options: { inlineThreshold: 0 } });
    const { storage } = fixture;
    for (let round = 0; round < 10; round++) {
      const fileId = await start(fixture, `race ${round}`);
      for (const partNumber of [1, 2]) await storage.largeFiles.uploadPart({ fileId, partNumber }, bodyOf(a));
      const results = await Promise.allSettled([
        storage.largeFiles.uploadPart({ fileId, partNumber: 1 }, bodyOf(a)),
        storage.largeFiles.finish(fileId, [sha1Of(a), sha1Of(a)]),
        storage.largeFiles.uploadPart({ fileId, partNumber: 2 }, bodyOf(a)),
      ]);
      expect(results[1].status).toBe('fulfilled');
      for (const result of [results[0], results[2]])
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'no_active_upload' });
      const file = await storage.files.get(fileId);
      expect(await readBack(storage, file)).toEqual(Uint8Array.from(Buffer.concat([a, a])));
    }
    expect(await census(fixture)).toMatchObject({ parts: 20, blobs: 20, blobReferences: 20 });
  });

  test('starts over when a part comes while it reads', async () => {
    const fixture = await createFixture();
    const { storage, metadata } = fixture;
    const fileId = await start(fixture);
    for (const partNumber of [1, 2]) await storage.largeFiles.uploadPart({ fileId, partNumber }, bodyOf(a));
    beforeNextCommit(metadata, () => storage.largeFiles.uploadPart({ fileId, partNumber: 2 }, bodyOf(b)));
    await expect(storage.largeFiles.finish(fileId, [sha1Of(a), sha1Of(a)])).rejects.toMatchObject({
      code: 'part_sha1_mismatch',
    });
  });
});

test('parts and unfinished files are listed in pages', async () => {
  const fixture = await createFixture();
  const { storage, bucket } = fixture;
  const ids: string[] = [];
  for (const name of ['b/1', 'a/1', 'b/2']) {
    ids.push(await start(fixture, name));
    fixture.clock.advance(1);
  }
  const fileId = ids[0]!;
  for (const partNumber of [2, 5, 9])
    await storage.largeFiles.uploadPart({ fileId, partNumber }, bodyOf(sampleBytes(1)));
  const numbers = (page: { readonly parts: readonly { readonly partNumber: number }[] }) =>
    page.parts.map((part) => part.partNumber);
  const first = await storage.largeFiles.listParts({ fileId, limit: 2 });
  expect([numbers(first), first.nextPartNumber]).toEqual([[2, 5], 9]);
  const second = await storage.largeFiles.listParts({ fileId, startPartNumber: 3, limit: 2 });
  expect([numbers(second), second.nextPartNumber]).toEqual([[5, 9], null]);

  const { bucketId } = bucket;
  const page = await storage.largeFiles.listUnfinished({ bucketId, limit: 2 });
  expect([page.files.map((file) => file.name), page.nextFileId]).toEqual([['b/1', 'a/1'], ids[2]]);
  const next = await storage.largeFiles.listUnfinished({ bucketId, startFileId: ids[2]!, limit: 2 });
  expect([next.files.map((file) => file.name), next.nextFileId]).toEqual([['b/2'], null]);
  const prefixed = await storage.largeFiles.listUnfinished({ bucketId, namePrefix: 'b/', limit: 1 });
  expect([prefixed.files.map((file) => file.name), prefixed.nextFileId]).toEqual([['b/1'], ids[2]]);
});

test('a part for a cancelled file leaves no blob', async () => {
  const fixture = await createFixture({ options: { inlineThreshold: 0 } });
  const before = await census(fixture);
  const fileId = await start(fixture);
  const stream = (async function* () {
    yield sampleBytes(5);
    await fixture.storage.largeFiles.cancel(fileId);
    yield sampleBytes(5);
  })();
  const content = { body: { stream, length: 10 }, sha1: { kind: 'unverified' } as const };
  await expect(fixture.storage.largeFiles.uploadPart({ fileId, partNumber: 1 }, content)).rejects.toMatchObject({
    code: 'no_active_upload',
  });
  expect(await census(fixture)).toEqual(before);
});

test.each([0, 10_001, 1.5])('part number %d is refused', async (partNumber) => {
  const fixture = await createFixture();
  const fileId = await start(fixture);
  await expect(
    fixture.storage.largeFiles.uploadPart({ fileId, partNumber }, bodyOf(sampleBytes(1))),
  ).rejects.toMatchObject({ code: 'invalid', details: { field: 'partNumber' } });
});

describe.each(modes)('a part of an unfinished large file with %s', (mode, request) => {
  const data = sampleBytes(300, 1);

  async function twoParts() {
    const fixture = await createFixture();
    const { storage, bucket, metadata } = fixture;
    const key = mode === 'SSE-C' ? { encryption: request() } : {};
    const idOf = async (name: string) =>
      (await storage.largeFiles.start(newFile(bucket.bucketId, name, { encryption: request() }))).fileId;
    const fileId = await idOf('large');
    const upload = (to: string, partNumber: number, body: Uint8Array) =>
      storage.largeFiles.uploadPart({ fileId: to, partNumber, ...key }, bodyOf(body));
    const earlier = await upload(fileId, 1, sampleBytes(300, 2));
    const current = await upload(fileId, 1, data);
    await upload(fileId, 2, data);
    const another = await upload(await idOf('another'), 1, data);
    const put = (part: PartRecord) =>
      metadata.commit({ expectations: [], writes: [{ table: 'parts', key: keys.parts(fileId, 1), put: part }] });
    return { storage, fileId, earlier, current, another, put };
  }

  test.each<[string, (parts: Record<'earlier' | 'current' | 'another', PartRecord>) => PartRecord]>([
    [
      'whose blob is an earlier attempt’s',
      ({ current, earlier: { blobId, blobCheck } }) => ({ ...current, blobId, blobCheck }),
    ],
    ['whose SHA-1 is another', ({ current, earlier: { checksums } }) => ({ ...current, checksums })],
    ['of another file', ({ another, current: { fileId } }) => ({ ...another, fileId })],
    ['with a part number that was changed', ({ current }) => ({ ...current, partNumber: 3 })],
    ['with another size', ({ current }) => ({ ...current, size: 200 })],
    ['with another time', ({ current }) => ({ ...current, uploadTimestamp: 1 })],
    ['without a seal', ({ current }) => ({ ...current, seal: new Uint8Array() })],
  ])('is not finished with a record %s', async (_, change) => {
    const { storage, fileId, put, ...parts } = await twoParts();
    await put(change(parts));
    await expect(storage.largeFiles.finish(fileId, [sha1Of(data), sha1Of(data)])).rejects.toMatchObject({
      code: expect.stringMatching(/^(integrity|part_sha1_mismatch|part_missing)$/) as string,
    });
    await put(parts.current);
    await storage.largeFiles.finish(fileId, [sha1Of(data), sha1Of(data)]);
  });
});
