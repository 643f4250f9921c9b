import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EncryptionRequest } from '@coffer/sse-schema';
import { findingsOf, joined, listOf, some, upload, type Uploaded } from '../../test/completed-file.ts';
import {
  beforeNextCommit,
  bodyOf,
  census,
  createFixture,
  customer,
  md5Of,
  readBack,
  sampleBytes,
  sha1Of,
  uploadTo,
} from '../../test/fixture.ts';
import { exportRecord } from '../reads/export-record.ts';
import type { ListedPart } from '../services/storage.ts';

const modes: readonly (readonly [string, () => EncryptionRequest])[] = [
  ['none', () => ({ mode: 'none' })],
  ['SSE-B2', () => ({ mode: 'SSE-B2' })],
  ['SSE-C', () => customer(1)],
];

describe.each(modes)('a large file with %s', (mode, request) => {
  const given = mode === 'SSE-C' ? request : () => undefined;

  test('is made up of the parts that are listed, and the others are removed', async () => {
    const fixture = await createFixture({ options: { inlineThreshold: 1_000 }, proven: true });
    const { storage, metadata } = fixture;
    const uploaded = await upload(fixture, some, request);
    const started = await storage.largeFiles.get(uploaded.fileId);
    fixture.clock.advance(1_000);
    const version = await storage.largeFiles.complete(uploaded.fileId, listOf(uploaded, 3, 7, 10_000));
    expect(version).toMatchObject({
      ...{ fileId: uploaded.fileId, action: 'upload', size: 2_125, partCount: 3 },
      ...{ uploadTimestamp: started.uploadTimestamp, committedAt: started.uploadTimestamp + 1_000 },
    });
    const whole = joined(some.get(3)!, some.get(7)!, some.get(10_000)!);
    expect(await readBack(storage, version, given())).toEqual(whole);
    expect(await readBack(storage, version, given(), { start: 1_999, length: 122 })).toEqual(whole.slice(1_999, 2_121));
    const counts = await census(fixture);
    expect(counts).toMatchObject({ parts: 3, blobReferences: 3, blobs: 1, inlineBlobs: 2 });
    for (const table of ['unfinishedFiles', 'partEpochs', 'pendingDeletions']) expect(counts).not.toHaveProperty(table);
    const { record } = await exportRecord(metadata, { fileId: uploaded.fileId });
    expect(record.parts.map(({ partNumber }) => partNumber)).toEqual([3, 7, 10_000]);
    const copy = await storage.copies.copyFile({
      source: { fileId: version.fileId, ...(given() && { encryption: request() }) },
      name: 'copy',
    });
    expect(await readBack(storage, copy)).toEqual(whole);
    expect(await findingsOf(fixture, mode === 'SSE-C' ? [customer(1).customerKey.key] : [])).toEqual([]);
  });

  test('may have one part, of any number', async () => {
    const fixture = await createFixture();
    const uploaded = await upload(fixture, new Map([[4, sampleBytes(7)]]), request);
    const version = await fixture.storage.largeFiles.complete(uploaded.fileId, listOf(uploaded, 4));
    expect(version).toMatchObject({ size: 7, partCount: 1 });
    expect(await readBack(fixture.storage, version, given())).toEqual(sampleBytes(7));
    const [tag] = await fixture.storage.reads.entityTags([version]);
    expect(tag).toMatch(/^[0-9a-f]{32}-1$/);
  });

  test('may end with an empty part, and be nothing else', async () => {
    const fixture = await createFixture();
    const { storage } = fixture;
    const nothing = await upload(fixture, new Map([[1, new Uint8Array()]]), request);
    const empty = await storage.largeFiles.complete(nothing.fileId, listOf(nothing, 1));
    expect(await readBack(storage, empty, given())).toEqual(new Uint8Array());
    const contents = new Map([
      [1, sampleBytes(100)],
      [2, new Uint8Array()],
    ]);
    const uploaded = await upload(fixture, contents, request);
    const version = await storage.largeFiles.complete(uploaded.fileId, listOf(uploaded, 1, 2));
    expect(await readBack(storage, version, given())).toEqual(sampleBytes(100));
    expect(await storage.reads.partAt(version, 2)).toMatchObject({ start: 100, size: 0, count: 2 });
  });

  test('is returned as it is when it is completed with the same list again', async () => {
    const fixture = await createFixture();
    const { storage } = fixture;
    const uploaded = await upload(fixture, some, request);
    const listed = listOf(uploaded, 2, 3, 9);
    const version = await storage.largeFiles.complete(uploaded.fileId, listed, { condition: { current: 'absent' } });
    fixture.clock.advance(1e9);
    const before = await census(fixture);
    const again = { condition: { current: 'absent' }, size: version.size } as const;
    expect(await storage.largeFiles.complete(uploaded.fileId, listed, again)).toEqual(version);
    expect(await census(fixture)).toEqual(before);
    const refused = { code: 'no_active_upload' };
    for (const other of [listOf(uploaded, 2, 3), listOf(uploaded, 2, 3, 9, 10_000), listOf(uploaded, 2, 3, 7)])
      await expect(storage.largeFiles.complete(uploaded.fileId, other)).rejects.toMatchObject(refused);
    await expect(
      storage.largeFiles.complete(uploaded.fileId, [...listed.slice(0, 2), { ...listed[2]!, entityTag: 'x' }]),
    ).rejects.toMatchObject(refused);
    await expect(storage.largeFiles.complete(uploaded.fileId, listed, { size: 1 })).rejects.toMatchObject({
      code: 'size_mismatch',
    });
    await storage.files.deleteVersion({ name: 'large', fileId: uploaded.fileId, bypassGovernance: false });
    await expect(storage.largeFiles.complete(uploaded.fileId, listed)).rejects.toMatchObject(refused);
  });

  test('takes the key of its parts, or none', async () => {
    const fixture = await createFixture();
    const { storage } = fixture;
    const uploaded = await upload(fixture, some, request);
    const listed = listOf(uploaded, 2, 3);
    const complete = (encryption: EncryptionRequest) =>
      storage.largeFiles.complete(uploaded.fileId, listed, { encryption });
    const refused = async () =>
      expect(complete(customer(2))).rejects.toMatchObject({
        code: 'sse_violation',
        details: { violation: mode === 'SSE-C' ? 'customer_key_mismatch' : 'part_encryption_mismatch' },
      });
    await refused();
    const version = await complete(request());
    await refused();
    expect(await complete(request())).toEqual(version);
    expect(await storage.largeFiles.complete(uploaded.fileId, listed)).toEqual(version);
  });
});

describe('complete', () => {
  const a = sampleBytes(100, 1);
  const three = new Map([
    [1, a],
    [2, sampleBytes(99, 2)],
    [5, a],
  ]);
  const long = Array.from({ length: 10_001 }, (_, index) => ({ partNumber: index + 1, entityTag: '' }));

  test.each<[string, (uploaded: Uploaded) => ListedPart[], object]>([
    ['no parts', () => [], { code: 'invalid', details: { field: 'parts' } }],
    ['too many', () => long, { code: 'invalid', details: { field: 'parts' } }],
    ['a part twice', (all) => listOf(all, 1, 1), { code: 'invalid', details: { field: 'parts' } }],
    ['parts in another order', (all) => listOf(all, 5, 1), { code: 'invalid', details: { field: 'parts' } }],
    ['part 0', (all) => listOf(all, 0, 1), { code: 'invalid', details: { field: 'parts' } }],
    ['a missing part', (all) => listOf(all, 1, 3), { code: 'part_missing', details: { partNumber: 3 } }],
    [
      'another tag',
      (all) => [...listOf(all, 1), { partNumber: 5, entityTag: md5Of(sampleBytes(1)) }],
      { code: 'part_tag_mismatch', details: { partNumber: 5 } },
    ],
    [
      'a small part',
      (all) => listOf(all, 1, 2, 5),
      {
        code: 'part_too_small',
        details: { partNumber: 2, minimum: 100, size: 99, entityTag: md5Of(sampleBytes(99, 2)) },
      },
    ],
    [
      'a checksum of a part that has none',
      (all) => listOf(all, 1, 5).map((part) => ({ ...part, furtherChecksum: new Uint8Array(4) })),
      { code: 'part_checksum_mismatch', details: { partNumber: 1 } },
    ],
  ])('with %s is refused and can be repeated', async (_, listed, expected) => {
    const fixture = await createFixture();
    const uploaded = await upload(fixture, three);
    const before = await census(fixture);
    await expect(fixture.storage.largeFiles.complete(uploaded.fileId, listed(uploaded))).rejects.toMatchObject(
      expected,
    );
    expect(await census(fixture)).toEqual(before);
    expect(await fixture.storage.largeFiles.complete(uploaded.fileId, listOf(uploaded, 1, 2))).toMatchObject({
      size: 199,
    });
  });

  test('of anything but a large file is refused', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    const regular = await uploadTo(fixture, 'a');
    const hidden = await storage.files.hide(bucket.bucketId, 'a');
    const cancelled = await upload(fixture, three);
    await storage.largeFiles.cancel(cancelled.fileId);
    for (const fileId of [regular.fileId, hidden.fileId, cancelled.fileId, 'unknown', 'x'.repeat(5_000)])
      await expect(storage.largeFiles.complete(fileId, listOf(cancelled, 1))).rejects.toMatchObject({
        code: 'no_active_upload',
      });
  });

  test('with another size, or where the name has changed, is refused', async () => {
    const fixture = await createFixture();
    const uploaded = await upload(fixture, three);
    const complete = (options: Parameters<typeof fixture.storage.largeFiles.complete>[2]) =>
      fixture.storage.largeFiles.complete(uploaded.fileId, listOf(uploaded, 1, 5), options);
    await expect(complete({ size: 199 })).rejects.toMatchObject({
      code: 'size_mismatch',
      details: { expected: 199, actual: 200 },
    });
    await uploadTo(fixture, 'large');
    await expect(complete({ condition: { current: 'absent' } })).rejects.toMatchObject({ code: 'condition_failed' });
    expect(await complete({ size: 200 })).toMatchObject({ size: 200 });
  });

  test('finds parts that finish made a file of, and finish parts that are to be completed', async () => {
    const fixture = await createFixture();
    const contents = new Map([
      [1, a],
      [2, a],
    ]);
    const uploaded = await upload(fixture, contents);
    const version = await fixture.storage.largeFiles.finish(uploaded.fileId, [sha1Of(a), sha1Of(a)]);
    expect(await fixture.storage.largeFiles.complete(uploaded.fileId, listOf(uploaded, 1, 2))).toEqual(version);
  });

  test('starts over when a part comes while it reads', async () => {
    const fixture = await createFixture();
    const { storage, metadata } = fixture;
    const uploaded = await upload(fixture, three);
    const { fileId } = uploaded;
    beforeNextCommit(metadata, () =>
      storage.largeFiles.uploadPart({ fileId, partNumber: 5 }, bodyOf(sampleBytes(100, 9))),
    );
    await expect(storage.largeFiles.complete(fileId, listOf(uploaded, 1, 5))).rejects.toMatchObject({
      code: 'part_tag_mismatch',
    });
    beforeNextCommit(metadata, () => storage.largeFiles.uploadPart({ fileId, partNumber: 8 }, bodyOf(a)));
    await storage.largeFiles.complete(fileId, listOf(uploaded, 1, 2));
    expect(await census(fixture)).toMatchObject({ parts: 2, blobReferences: 2 });
  });

  test('that races with parts never seals a part that is not there', async () => {
    const fixture = await createFixture({ options: { inlineThreshold: 0 } });
    const { storage } = fixture;
    for (let round = 0; round < 10; round++) {
      const uploaded = await upload(fixture, three);
      const { fileId } = uploaded;
      const [, completed] = await Promise.allSettled([
        storage.largeFiles.uploadPart({ fileId, partNumber: 5 }, bodyOf(a)),
        storage.largeFiles.complete(fileId, listOf(uploaded, 1)),
        storage.largeFiles.uploadPart({ fileId, partNumber: 2 }, bodyOf(a)),
      ]);
      expect(completed.status).toBe('fulfilled');
      expect(await readBack(storage, await storage.files.get(fileId))).toEqual(a);
    }
    expect(await census(fixture)).toMatchObject({ parts: 10, blobs: 10, blobReferences: 10 });
  });

  test('property: any parts, any list of them', async () => {
    const part = fc.record({ number: fc.integer({ min: 1, max: 10_000 }), size: fc.nat(300), isListed: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(part, { selector: ({ number }) => number, maxLength: 12 }), async (parts) => {
        const fixture = await createFixture({ options: { inlineThreshold: 150, minimumPartSize: 0 } });
        const contents = new Map(parts.map(({ number, size }) => [number, sampleBytes(size, number)]));
        const uploaded = await upload(fixture, contents, () => ({ mode: 'SSE-B2' }));
        const numbers = parts.flatMap(({ number, isListed }) => (isListed ? [number] : [])).sort((x, y) => x - y);
        const completed = fixture.storage.largeFiles.complete(uploaded.fileId, listOf(uploaded, ...numbers));
        if (numbers.length === 0) {
          await expect(completed).rejects.toMatchObject({ code: 'invalid' });
          return;
        }
        const version = await completed;
        const whole = joined(...numbers.map((number) => contents.get(number)!));
        expect(await readBack(fixture.storage, version)).toEqual(whole);
        const { parts: places, count } = await fixture.storage.reads.parts(version);
        expect([count, places.map(({ partNumber }) => partNumber)]).toEqual([numbers.length, numbers]);
        for (const { partNumber, start, size } of places)
          expect(whole.slice(start, start + size)).toEqual(contents.get(partNumber));
        expect(await census(fixture)).toMatchObject({ parts: numbers.length, blobReferences: numbers.length });
      }),
      { numRuns: 50 },
    );
  });
});

test('the entity tag is that of the tags of the listed parts, as AWS makes them', async () => {
  const fixture = await createFixture();
  const uploaded = await upload(fixture, some, () => ({ mode: 'SSE-B2' }));
  const version = await fixture.storage.largeFiles.complete(uploaded.fileId, listOf(uploaded, 3, 9));
  const digests = [3, 9].map((number) => Buffer.from(md5Of(some.get(number)!), 'hex'));
  const expected = createHash('md5').update(Buffer.concat(digests)).digest('hex');
  expect(await fixture.storage.reads.entityTags([version])).toEqual([`${expected}-2`]);
});
