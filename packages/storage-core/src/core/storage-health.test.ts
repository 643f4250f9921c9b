import { describe, expect, test } from 'vitest';
import { StoreError, type BlobStore, type MetadataStore } from '@coffer/storage-ports';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';
import {
  bodyOf,
  createFixture,
  newFile,
  sampleBytes,
  sha1Of,
  startTime,
  uploadTo,
  type Fixture,
  deletionOf,
} from '../../test/fixture.ts';

/**
 * Stores on a disk that can be made full, or be made to lose an acknowledgement; with a count of the calls that would
 * write.
 */
class Disk {
  full = false;
  forgets = false;
  writes = 0;
  readonly metadata: MetadataStore;
  readonly blobs: BlobStore;
  #refuses = false;

  constructor() {
    const [metadata, blobs] = [createMemoryMetadataStore(), createMemoryBlobStore()];
    this.metadata = {
      ...metadata,
      commit: async (commit) => {
        this.writes++;
        if (this.#refuses) throw new StoreError('io', 'The store must be opened again');
        if (this.full && commit.writes.some((write) => write.table === 'fileIds' && 'put' in write))
          throw new StoreError('full', 'No space left for a record');
        await metadata.commit(commit);
        if (!this.forgets) return;
        this.#refuses = true;
        throw new StoreError('io', 'The flush failed');
      },
    };
    this.blobs = {
      ...blobs,
      write: async (blobId, stream, options) => {
        this.writes++;
        if (!this.full) return blobs.write(blobId, stream, options);
        await stream[Symbol.asyncIterator]().return?.();
        throw new StoreError('full', 'No space left for a blob');
      },
    };
  }

  /** As opening the stores again would. */
  reopen(): void {
    this.forgets = false;
    this.#refuses = false;
  }
}

const options = { inlineThreshold: 50, writeRetryMilliseconds: 1_000 };

async function open(): Promise<{ disk: Disk; fixture: Fixture }> {
  const disk = new Disk();
  return { disk, fixture: await createFixture({ options, stores: disk }) };
}

describe('a full disk', () => {
  test.each([
    ['a blob', 100, 'No space left for a blob'],
    ['a record', 10, 'No space left for a record'],
  ])('that has no space for %s turns the storage read-only', async (_, size, reason) => {
    const { disk, fixture } = await open();
    const { storage } = fixture;
    expect(storage.health()).toEqual({ state: 'ok', reason: null, since: null });
    disk.full = true;
    await expect(uploadTo(fixture, 'a', sampleBytes(size))).rejects.toMatchObject({ code: 'storage_full' });
    expect(storage.health()).toEqual({ state: 'read-only', reason, since: startTime });
  });

  test('refuses whatever adds something without touching the disk or the body, lets reads and deletes through', async () => {
    const { disk, fixture } = await open();
    const { storage, bucket, accountId } = fixture;
    const kept = await uploadTo(fixture, 'kept', sampleBytes(100));
    const { fileId } = await storage.largeFiles.start(newFile(bucket.bucketId, 'large'));
    const parts = [sampleBytes(100, 1), sampleBytes(100, 2)];
    for (const [n, data] of parts.entries())
      await storage.largeFiles.uploadPart({ fileId, partNumber: n + 1 }, bodyOf(data));
    disk.full = true;
    await expect(uploadTo(fixture, 'a', sampleBytes(100))).rejects.toMatchObject({ code: 'storage_full' });
    disk.writes = 0;
    let read = false;
    const body = async function* () {
      read = true;
      yield* [sampleBytes(10)];
    };
    const content = { ...bodyOf(sampleBytes(10)), body: { stream: body(), length: 10 } };
    const adding = [
      () => storage.files.upload(newFile(bucket.bucketId, 'b'), content),
      () => storage.largeFiles.uploadPart({ fileId, partNumber: 3 }, content),
      () => storage.largeFiles.start(newFile(bucket.bucketId, 'c')),
      () => storage.largeFiles.finish(fileId, parts.map(sha1Of)),
      () => storage.copies.copyFile({ source: { fileId: kept.fileId }, name: 'copy' }),
      () => storage.copies.copyPart({ source: { fileId: kept.fileId }, fileId, partNumber: 3 }),
      () => storage.files.hide(bucket.bucketId, 'kept'),
      () => storage.buckets.create({ accountId, name: 'bucket-two', type: 'allPrivate', settings: {} }),
      () => storage.buckets.update(bucket.bucketId, { info: { a: 'b' } }),
      () => storage.applicationKeys.create({ ...newKey, accountId }),
    ];
    for (const add of adding) await expect(add()).rejects.toMatchObject({ code: 'storage_full' });
    expect({ writes: disk.writes, read }).toEqual({ writes: 0, read: false });
    expect((await storage.listings.names({ bucketId: bucket.bucketId, limit: 10 })).rows).toHaveLength(1);
    await storage.files.deleteVersion(deletionOf(kept));
    await storage.largeFiles.cancel(fileId);
    expect(storage.health().state).toBe('read-only');
  });

  test('is asked again after a while, and is over by itself', async () => {
    const { disk, fixture } = await open();
    const { storage, clock } = fixture;
    disk.full = true;
    const upload = () => uploadTo(fixture, 'a', sampleBytes(100));
    await expect(upload()).rejects.toMatchObject({ code: 'storage_full' });
    clock.advance(1_000);
    disk.writes = 0;
    await expect(upload()).rejects.toMatchObject({ code: 'storage_full' });
    await expect(upload()).rejects.toMatchObject({ code: 'storage_full' });
    expect(disk.writes).toBe(1);
    expect(storage.health().since).toBe(startTime);
    disk.full = false;
    await expect(upload()).rejects.toMatchObject({ code: 'storage_full' });
    clock.advance(1_000);
    await upload();
    expect(storage.health().state).toBe('ok');
    await upload();
  });
});

describe('a metadata store that does not know the outcome of a commit', () => {
  test('has failed: changes are refused before any data is stored, reads go on', async () => {
    const { disk, fixture } = await open();
    const { storage, bucket, blobs, clock } = fixture;
    disk.forgets = true;
    await expect(uploadTo(fixture, 'a', sampleBytes(100))).rejects.toMatchObject({ code: 'storage_unavailable' });
    const reason = 'The store must be opened again';
    expect(storage.health()).toEqual({ state: 'failed', reason, since: startTime });
    const before = await blobs.list({ limit: 10 });
    for (const wait of [0, 1_000, 5_000]) {
      clock.advance(wait);
      await expect(uploadTo(fixture, 'b', sampleBytes(100))).rejects.toMatchObject({ code: 'storage_unavailable' });
    }
    expect(await blobs.list({ limit: 10 })).toEqual(before);
    expect(await storage.buckets.get(bucket.bucketId)).toEqual(bucket);
    expect(storage.health().state).toBe('failed');
    disk.reopen();
    clock.advance(5_000);
    await uploadTo(fixture, 'b', sampleBytes(100));
    expect(storage.health().state).toBe('ok');
  });

  test('is told apart from one that failed once and goes on', async () => {
    const { disk, fixture } = await open();
    const commit = disk.metadata.commit.bind(disk.metadata);
    fixture.metadata.commit = () => {
      fixture.metadata.commit = commit;
      return Promise.reject(new StoreError('io', 'once'));
    };
    await expect(uploadTo(fixture, 'a')).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(fixture.storage.health().state).toBe('ok');
    await uploadTo(fixture, 'a');
  });
});

const newKey = { keyName: 'k', capabilities: [], bucketIds: null, namePrefix: null, validDurationInSeconds: null };
