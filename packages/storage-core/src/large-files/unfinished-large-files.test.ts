import { beforeAll, describe, expect, test } from 'vitest';
import type { MetadataStore } from '@coffer/storage-ports';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';
import { createFixture, newFile, type Fixture } from '../../test/fixture.ts';

/** A store that counts the records it was asked for. */
function counting(store: MetadataStore): MetadataStore & { reads: number } {
  const counted = {
    reads: 0,
    get: (...call: Parameters<MetadataStore['get']>) => {
      counted.reads++;
      return store.get(...call);
    },
    scan: async (...call: Parameters<MetadataStore['scan']>) => {
      const rows = await store.scan(...call);
      counted.reads += rows.length;
      return rows;
    },
    commit: (...call: Parameters<MetadataStore['commit']>) => store.commit(...call),
    close: () => store.close(),
  };
  return counted as MetadataStore & { reads: number };
}

describe('thousands of large files that nobody finishes', () => {
  const count = 3_000;
  const metadata = counting(createMemoryMetadataStore());
  let fixture: Fixture;

  beforeAll(async () => {
    fixture = await createFixture({ stores: { metadata, blobs: createMemoryBlobStore() } });
    const { storage, bucket } = fixture;
    for (let i = 0; i < count; i++) await storage.largeFiles.start(newFile(bucket.bucketId, `volume-${i}`));
  });

  test('are listed in pages that cost the same, wherever they begin', async () => {
    const { storage, bucket } = fixture;
    const costs: number[] = [];
    const names = new Set<string>();
    for (let startFileId: string | undefined = ''; startFileId !== undefined;) {
      const before = metadata.reads;
      const start = startFileId === '' ? {} : { startFileId };
      const page = await storage.largeFiles.listUnfinished({ bucketId: bucket.bucketId, ...start, limit: 100 });
      for (const { name } of page.files) names.add(name);
      costs.push(metadata.reads - before);
      startFileId = page.nextFileId ?? undefined;
    }
    expect(names.size).toBe(count);
    expect(costs).toHaveLength(count / 100);
    // A page reads its rows, one more, and the versions they stand for.
    expect(Math.max(...costs)).toBeLessThan(1_000);
  });

  test('are not looked at by a start, and keep their bucket from being deleted', async () => {
    const { storage, bucket } = fixture;
    const before = metadata.reads;
    await storage.recovery.recover();
    expect(metadata.reads - before).toBeLessThan(10);
    await expect(storage.buckets.delete(bucket.bucketId)).rejects.toMatchObject({ code: 'bucket_not_empty' });
    expect(metadata.reads - before).toBeLessThan(20);
  });

  test('do not make a listing of names longer', async () => {
    const { storage, bucket } = fixture;
    const before = metadata.reads;
    expect((await storage.listings.names({ bucketId: bucket.bucketId, limit: 100 })).rows).toEqual([]);
    expect(metadata.reads - before).toBeLessThan(10);
  });
});
