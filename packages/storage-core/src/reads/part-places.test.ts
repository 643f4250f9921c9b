import { checksumOf } from '@coffer/checksums';
import { describe, expect, test } from 'vitest';
import type { EncryptionRequest } from '@coffer/sse-schema';
import { keys } from '@coffer/storage-ports';
import {
  bodyOf,
  createFixture,
  customer,
  largeFile,
  newFile,
  readBack,
  sampleBytes,
  uploadTo,
  type Fixture,
} from '../../test/fixture.ts';
import type { FileVersion, ListedPart } from '../services/storage.ts';

const contents = new Map([
  [2, sampleBytes(150, 1)],
  [3, sampleBytes(300, 2)],
  [9, sampleBytes(7, 3)],
]);

/** A large file of these parts, with the checksum of each. */
async function withGaps({ storage, bucket }: Fixture, encryption: EncryptionRequest): Promise<FileVersion> {
  const furtherChecksum = { algorithm: 'CRC32', of: 'content' } as const;
  const file = newFile(bucket.bucketId, 'large', { encryption });
  const { fileId } = await storage.largeFiles.start(file, { furtherChecksum });
  const listed: ListedPart[] = [];
  for (const [partNumber, data] of contents) {
    const key = encryption.mode === 'SSE-C' ? { encryption } : {};
    const { entityTag } = await storage.largeFiles.uploadPart({ fileId, partNumber, ...key }, bodyOf(data));
    listed.push({ partNumber, entityTag });
  }
  return storage.largeFiles.complete(fileId, listed);
}

describe.each<readonly [string, () => EncryptionRequest]>([
  ['none', () => ({ mode: 'none' })],
  ['SSE-B2', () => ({ mode: 'SSE-B2' })],
  ['SSE-C', () => customer(1)],
])('the parts of a large file with %s', (mode, request) => {
  test('are where their data is, under their own numbers', async () => {
    const fixture = await createFixture();
    const { reads } = fixture.storage;
    const version = await withGaps(fixture, request());
    const { parts, count, isTruncated } = await reads.parts(version);
    expect([count, isTruncated, parts.map(({ partNumber }) => partNumber)]).toEqual([3, false, [2, 3, 9]]);
    for (const { partNumber, ...place } of parts) {
      const data = contents.get(partNumber)!;
      const key = mode === 'SSE-C' ? request() : undefined;
      const range = { start: place.start, length: place.size };
      expect(await readBack(fixture.storage, version, key, range)).toEqual(data);
      const value = await checksumOf('CRC32', data);
      expect(place.furtherChecksum).toEqual({ algorithm: 'CRC32', of: 'content', value });
      expect(await reads.partAt(version, partNumber)).toEqual({ ...place, count: 3 });
    }
    for (const partNumber of [0, 1, 4, 8, 10, 10_001]) expect(await reads.partAt(version, partNumber)).toBeUndefined();
  });
});

test('come in pages', async () => {
  const fixture = await createFixture();
  const version = await withGaps(fixture, { mode: 'SSE-B2' });
  const page = async (query: { afterPartNumber?: number; limit: number }) => {
    const { parts, isTruncated, count } = await fixture.storage.reads.parts(version, query);
    expect(count).toBe(3);
    return [parts.map(({ partNumber, start }) => [partNumber, start]), isTruncated];
  };
  const [two, three, nine] = [
    [2, 0],
    [3, 150],
    [9, 450],
  ];
  expect(await page({ limit: 2 })).toEqual([[two, three], true]);
  expect(await page({ afterPartNumber: 3, limit: 2 })).toEqual([[nine], false]);
  expect(await page({ afterPartNumber: 2, limit: 1 })).toEqual([[three], true]);
  expect(await page({ afterPartNumber: 5, limit: 1 })).toEqual([[nine], false]);
  expect(await page({ afterPartNumber: 9, limit: 1 })).toEqual([[], false]);
  await expect(page({ limit: 0 })).rejects.toMatchObject({ code: 'invalid', details: { field: 'limit' } });
});

test('are none of a file of one blob, and of nothing that cannot be read', async () => {
  const fixture = await createFixture();
  const { storage, bucket } = fixture;
  const regular = await uploadTo(fixture, 'a');
  expect(await storage.reads.parts(regular)).toEqual({ count: 0, parts: [], isTruncated: false });
  expect(await storage.reads.partAt(regular, 1)).toBeUndefined();
  const marker = await storage.files.hide(bucket.bucketId, 'a');
  const started = await storage.largeFiles.start(newFile(bucket.bucketId, 'l'));
  for (const version of [marker, started]) {
    await expect(storage.reads.parts(version)).rejects.toMatchObject({ code: 'file_missing' });
    await expect(storage.reads.partAt(version, 1)).rejects.toMatchObject({ code: 'file_missing' });
  }
});

test('are not told of a file whose record is not the one that was sealed, or that is gone', async () => {
  const fixture = await createFixture({ options: { keptParts: 0 } });
  const { storage, metadata } = fixture;
  const version = await largeFile(fixture, 'l', [sampleBytes(100), sampleBytes(9)]);
  const key = keys.parts(version.fileId, 2);
  const part = (await metadata.get('parts', key))!.value;
  await metadata.commit({ expectations: [], writes: [{ table: 'parts', key, put: { ...part, partNumber: 3 } }] });
  await expect(storage.reads.parts(version)).rejects.toMatchObject({ code: 'integrity' });
  await expect(storage.reads.partAt(version, 3)).rejects.toMatchObject({ code: 'integrity' });
  await storage.files.deleteVersion({ name: version.name, fileId: version.fileId, bypassGovernance: false });
  await expect(storage.reads.partAt(version, 1)).rejects.toMatchObject({ code: 'file_missing' });
});
