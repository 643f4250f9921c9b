import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MetadataStore } from '@coffer/storage-ports';
import { bodyOf, createFixture, newFile, sampleBytes, uploadTo, type Fixture } from '../../test/fixture.ts';
import { currentOnes, fold, play, queries, shown, steps, type ModelQuery } from '../../test/listing-model.ts';

/** Follows a listing page by page to its end. */
async function allNames({ storage, bucket }: Fixture, query: ModelQuery, limit: number): Promise<string[]> {
  const rows: string[] = [];
  let startName = query.startName;
  for (;;) {
    const page = await storage.listings.names({
      bucketId: bucket.bucketId,
      ...query,
      ...(startName !== undefined && { startName }),
      limit,
    });
    rows.push(...shown(page.rows));
    if (page.nextName === null) return rows;
    expect(page.rows).toHaveLength(limit);
    startName = page.nextName;
  }
}

async function allVersions({ storage, bucket }: Fixture, query: ModelQuery, limit: number): Promise<string[]> {
  const rows: string[] = [];
  let from: { startName?: string; startFileId?: string } = query.startName ? { startName: query.startName } : {};
  for (;;) {
    const page = await storage.listings.versions({ bucketId: bucket.bucketId, ...query, ...from, limit });
    rows.push(...shown(page.rows));
    if (page.nextName === null) return rows;
    expect(page.rows).toHaveLength(limit);
    from = { startName: page.nextName, ...(page.nextFileId !== null && { startFileId: page.nextFileId }) };
  }
}

test('listings in pages of any size are what a plain model says', async () => {
  await fc.assert(
    fc.asyncProperty(steps, queries, fc.integer({ min: 1, max: 5 }), async (script, query, limit) => {
      const fixture = await createFixture();
      const model = await play(fixture, script);
      expect(await allNames(fixture, query, limit)).toEqual(fold(currentOnes(model), query));
      expect(await allVersions(fixture, query, limit)).toEqual(fold(model, query));
      for (const { name } of model) {
        const current = currentOnes(model).find((version) => version.name === name);
        const found = await fixture.storage.files.getByName(fixture.bucket.bucketId, name).catch(() => undefined);
        expect(found?.fileId).toBe(current?.fileId);
      }
    }),
    { numRuns: 150 },
  );
});

test('deleting every version leaves not one record of them', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const fixture = await createFixture();
      for (const { name, fileId } of await play(fixture, script))
        await fixture.storage.files.deleteVersion({ name, fileId, bypassGovernance: false });
      await fixture.storage.buckets.delete(fixture.bucket.bucketId);
      for (const table of ['fileVersions', 'fileIds', 'nameHeads', 'visibleNames', 'unfinishedFiles'] as const)
        expect(await rowCount(fixture.metadata, table)).toBe(0);
      for (const table of ['blobReferences', 'inlineBlobs', 'partEpochs', 'pendingDeletions'] as const)
        expect(await rowCount(fixture.metadata, table)).toBe(0);
    }),
    { numRuns: 50 },
  );
});

async function rowCount(metadata: MetadataStore, table: Parameters<MetadataStore['scan']>[0]): Promise<number> {
  return (await metadata.scan(table, { start: new Uint8Array(0), end: undefined, limit: 10_000 })).length;
}

describe('the start of a listing of versions', () => {
  test('is the exact version, or what came after one that is gone', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    const ids: string[] = [];
    for (let n = 0; n < 4; n++) {
      fixture.clock.advance(10);
      ids.unshift((await uploadTo(fixture, 'a', sampleBytes(n))).fileId);
    }
    const last = await uploadTo(fixture, 'b');
    const from = async (startFileId: string) => {
      const page = await storage.listings.versions({
        bucketId: bucket.bucketId,
        startName: 'a',
        startFileId,
        limit: 10,
      });
      return page.rows.map((row) => row.kind === 'version' && row.version.fileId);
    };
    expect(await from(ids[1]!)).toEqual([...ids.slice(1), last.fileId]);
    await storage.files.deleteVersion({ name: 'a', fileId: ids[1]!, bypassGovernance: false });
    expect(await from(ids[1]!)).toEqual([...ids.slice(2), last.fileId]);
  });

  test('needs a name with an id', async () => {
    const { storage, bucket } = await createFixture();
    const query = { bucketId: bucket.bucketId, startFileId: 'x', limit: 1 };
    await expect(storage.listings.versions(query)).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('a listing costs what it gives out', () => {
  /** Counts the rows that scans and gets hand out. */
  function counted(metadata: MetadataStore): { rows: number } {
    const count = { rows: 0 };
    const scan = metadata.scan.bind(metadata);
    const get = metadata.get.bind(metadata);
    metadata.scan = async (table, options) => {
      const rows = await scan(table, options);
      count.rows += rows.length;
      return rows;
    };
    metadata.get = async (table, key) => {
      count.rows++;
      return get(table, key);
    };
    return count;
  }

  test('where names have many versions and folders many names', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    for (let folder = 0; folder < 5; folder++)
      for (let file = 0; file < 200; file++) await uploadTo(fixture, `folder ${folder}/${file}`);
    for (let file = 0; file < 5; file++)
      for (let version = 0; version < 200; version++) await uploadTo(fixture, `name ${file}`);
    const count = counted(fixture.metadata);
    const names = await storage.listings.names({ bucketId: bucket.bucketId, delimiter: '/', limit: 100 });
    expect(names.rows).toHaveLength(10);
    expect(count.rows).toBeLessThan(60);
    count.rows = 0;
    const query = { bucketId: bucket.bucketId, prefix: 'folder', delimiter: '/', limit: 100 };
    expect((await storage.listings.versions(query)).rows).toHaveLength(5);
    expect(count.rows).toBeLessThan(60);
    count.rows = 0;
    const behind = { bucketId: bucket.bucketId, delimiter: '/', after: 'folder 1/100', limit: 100 };
    expect((await storage.listings.names(behind)).rows).toHaveLength(8);
    expect(count.rows).toBeLessThan(60);
    count.rows = 0;
    const { fileId } = await storage.files.getByName(bucket.bucketId, 'name 2');
    const within = { bucketId: bucket.bucketId, after: { name: 'name 2', fileId }, limit: 5 };
    const page = await storage.listings.versions({ ...within, marksLatest: true, without: 'unfinished' });
    expect(page.rows).toHaveLength(5);
    expect(count.rows).toBeLessThan(20);
  });
});

test.each([0, 10_001, 1.5])('a limit of %d rows is refused', async (limit) => {
  const { storage, bucket } = await createFixture();
  await expect(storage.listings.names({ bucketId: bucket.bucketId, limit })).rejects.toMatchObject({ code: 'invalid' });
});

test('a missing bucket is refused, and so is a prefix that is too long', async () => {
  const { storage, bucket } = await createFixture();
  await expect(storage.listings.names({ bucketId: 'x', limit: 1 })).rejects.toMatchObject({ code: 'bucket_missing' });
  const { bucketId } = bucket;
  // A zero character is three bytes in a key, which the store would refuse.
  for (const bounds of [{ prefix: 'x'.repeat(1_025) }, { prefix: '\0'.repeat(1_024) }, { startName: '\0'.repeat(500) }])
    for (const kind of ['versions', 'names'] as const)
      await expect(storage.listings[kind]({ bucketId, ...bounds, limit: 1 })).rejects.toMatchObject({
        code: 'invalid',
      });
});

test('names that appear while a listing runs do not disturb it', async () => {
  const fixture = await createFixture();
  const { storage, bucket } = fixture;
  for (const name of ['a', 'b', 'c']) await uploadTo(fixture, name);
  const first = await storage.listings.names({ bucketId: bucket.bucketId, limit: 2 });
  await storage.files.upload(newFile(bucket.bucketId, 'a2'), bodyOf(sampleBytes(1)));
  const second = await storage.listings.names({ bucketId: bucket.bucketId, startName: first.nextName!, limit: 2 });
  expect(shown([...first.rows, ...second.rows]).map((row) => row.split(' ')[0])).toEqual(['a', 'b', 'c']);
});
