import { verifyEncryptionRecord } from '@coffer/envelope-crypto';
import { keys } from '@coffer/storage-ports';
import { describe, expect, it } from 'vitest';
import { createFixture, customer, largeFile, sampleBytes, uploadTo, type Fixture } from '../../test/fixture.ts';
import { exportRecord } from './export-record.ts';

const options = { inlineThreshold: 200 };
const current = (fixture: Fixture, fileName: string) =>
  exportRecord(fixture.metadata, { bucketName: fixture.bucket.name, fileName });

/** Rejects unless the export is what was sealed. */
async function sealHolds({ metadata, keys }: Fixture, fileId: string): Promise<void> {
  const { record, seal } = await exportRecord(metadata, { fileId });
  await verifyEncryptionRecord(keys, record, seal);
}

describe('the record of a stored file', () => {
  it.each([
    ['none', {}],
    ['SSE-B2', { encryption: { mode: 'SSE-B2' as const } }],
    ['SSE-C', { encryption: customer(3) }],
  ])('is what was sealed: %s', async (mode, changes) => {
    const fixture = await createFixture({ options });
    const small = await uploadTo(fixture, 'small', sampleBytes(10), changes);
    const large = await largeFile(fixture, 'large', [sampleBytes(300), sampleBytes(20)], changes);
    await sealHolds(fixture, small.fileId);
    await sealHolds(fixture, large.fileId);
    const { record } = await current(fixture, 'large');
    expect(record).toMatchObject({ mode, fileId: large.fileId, fileName: 'large', size: 320 });
    expect(record.parts.map(({ partNumber, size }) => [partNumber, size])).toEqual([
      [1, 300],
      [2, 20],
    ]);
  });

  it('comes with the blobs that are kept in the metadata store, and only those', async () => {
    const fixture = await createFixture({ options });
    await largeFile(fixture, 'large', [sampleBytes(300), sampleBytes(20)]);
    const { record, inlineBlobs } = await current(fixture, 'large');
    expect([...inlineBlobs]).toEqual([[record.parts[1]!.blobId, sampleBytes(20)]]);
  });

  it('is found by name as the current version, and by id as any', async () => {
    const fixture = await createFixture();
    const first = await uploadTo(fixture, 'name', sampleBytes(1));
    const second = await uploadTo(fixture, 'name', sampleBytes(2));
    expect((await current(fixture, 'name')).record.fileId).toBe(second.fileId);
    expect((await exportRecord(fixture.metadata, { fileId: first.fileId })).record.size).toBe(1);
  });
});

describe('refuses', () => {
  it('what is no stored file', async () => {
    const fixture = await createFixture();
    const { storage, bucket, metadata } = fixture;
    await uploadTo(fixture, 'hidden');
    const marker = await storage.files.hide(bucket.bucketId, 'hidden');
    const started = await storage.largeFiles.start({
      bucketId: bucket.bucketId,
      name: 'started',
      contentType: 'text/plain',
      fileInfo: {},
    });
    for (const fileId of [marker.fileId, started.fileId, 'unknown', ''])
      await expect(exportRecord(metadata, { fileId })).rejects.toMatchObject({ code: 'file_missing' });
    for (const fileName of ['hidden', 'started', 'unknown', ''])
      await expect(current(fixture, fileName)).rejects.toMatchObject({ code: 'file_missing' });
  });

  it('a bucket that is not there', async () => {
    const { metadata } = await createFixture();
    const choice = { bucketName: 'nowhere', fileName: 'x' };
    await expect(exportRecord(metadata, choice)).rejects.toMatchObject({ code: 'bucket_name_missing' });
  });

  it('a record in the place of another', async () => {
    const fixture = await createFixture();
    const one = await uploadTo(fixture, 'one');
    const two = await uploadTo(fixture, 'two');
    const { bucketId, name, uploadTimestamp, fileId } = one;
    const put = {
      table: 'fileVersions',
      key: keys.fileVersions(bucketId, name, uploadTimestamp, fileId),
      put: two,
    } as const;
    await fixture.metadata.commit({ expectations: [], writes: [put] });
    await expect(exportRecord(fixture.metadata, { fileId })).rejects.toMatchObject({ code: 'integrity' });
  });
});
