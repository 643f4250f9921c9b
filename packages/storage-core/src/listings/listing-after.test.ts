import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFixture, newFile, sampleBytes, uploadTo, type Fixture } from '../../test/fixture.ts';
import {
  byBytes,
  currentOnes,
  fold,
  names,
  play,
  shown,
  steps,
  type ModelQuery,
  type ModelVersion,
} from '../../test/listing-model.ts';
import type { FileVersion, ListingRow, UnfinishedQuery, VersionsQuery } from '../services/storage.ts';

type Place = NonNullable<VersionsQuery['after']>;

const limits = fc.integer({ min: 1, max: 5 });
const bounds = fc.record(
  { prefix: fc.stringMatching(/^[ab/é]{0,2}$/u), delimiter: fc.constantFrom('/', 'a', 'b/') },
  { requiredKeys: [] },
);
const folderMark = 'folder ';

/** The rows of a whole listing that come behind the name and the folder that it is in. */
function rowsBehind(rows: readonly string[], name: string): string[] {
  return rows.filter((row) => {
    if (!row.startsWith(folderMark)) return byBytes(nameOf(row), name) > 0;
    const folder = row.slice(folderMark.length);
    return !name.startsWith(folder) && byBytes(folder, name) > 0;
  });
}

/** The rows that come behind a version. */
function rowsBehindVersion(rows: readonly string[], { name, fileId }: ModelVersion): string[] {
  const at = rows.indexOf(`${name} ${fileId}`);
  return at < 0 ? rowsBehind(rows, name) : rows.slice(at + 1);
}

/** No name here has a space. */
function nameOf(row: string): string {
  return row.slice(0, row.indexOf(' '));
}

/** Where the page that follows these rows begins. */
function placeBehind(rows: readonly ListingRow[]): Place | undefined {
  const last = rows.at(-1);
  if (last === undefined) return undefined;
  return last.kind === 'folder' ? { name: last.name } : { name: last.version.name, fileId: last.version.fileId };
}

async function pagesOf(
  limit: number,
  after: Place | undefined,
  pageAt: (after: Place | undefined) => Promise<{ readonly rows: readonly ListingRow[]; readonly isLast: boolean }>,
): Promise<ListingRow[]> {
  const all: ListingRow[] = [];
  for (let place = after; ;) {
    const { rows, isLast } = await pageAt(place);
    all.push(...rows);
    if (isLast) return all;
    expect(rows).toHaveLength(limit);
    // A page that does not get on would come again and again.
    expect(placeBehind(rows)).not.toEqual(place);
    place = placeBehind(rows);
  }
}

const allNames = ({ storage, bucket: { bucketId } }: Fixture, query: ModelQuery, limit: number, after?: string) =>
  pagesOf(limit, after === undefined ? undefined : { name: after }, async (place) => {
    const page = { bucketId, ...query, limit, ...(place && { after: place.name }) };
    const { rows, nextName } = await storage.listings.names(page);
    return { rows, isLast: nextName === null };
  });

const allVersions = (
  { storage, bucket: { bucketId } }: Fixture,
  query: ModelQuery & Pick<VersionsQuery, 'without' | 'marksLatest'>,
  limit: number,
  after?: Place,
) =>
  pagesOf(limit, after, async (place) => {
    const { rows, nextName } = await storage.listings.versions({
      ...{ bucketId, ...query, limit },
      ...(place && { after: place }),
    });
    return { rows, isLast: nextName === null };
  });

const allUnfinished = (
  { storage, bucket: { bucketId } }: Fixture,
  query: ModelQuery,
  limit: number,
  after?: UnfinishedQuery['after'],
) =>
  pagesOf(limit, after, async (place) => {
    const page = await storage.listings.unfinished({ bucketId, ...query, limit, ...(place && { after: place }) });
    return { rows: page.rows, isLast: !page.isTruncated };
  });

const some = <T>(list: readonly T[], pick: number): T | undefined => list[pick % Math.max(1, list.length)];

test('pages that follow each other, or begin behind any name or version, are what a plain model says', async () => {
  await fc.assert(
    fc.asyncProperty(steps, bounds, limits, names, fc.nat(), async (script, query, limit, name, pick) => {
      const fixture = await createFixture();
      const model = await play(fixture, script);
      const visible = fold(currentOnes(model), query);
      expect(shown(await allNames(fixture, query, limit))).toEqual(visible);
      expect(shown(await allNames(fixture, query, limit, name))).toEqual(rowsBehind(visible, name));
      const versions = fold(model, query);
      expect(shown(await allVersions(fixture, query, limit))).toEqual(versions);
      expect(shown(await allVersions(fixture, query, limit, { name }))).toEqual(rowsBehind(versions, name));
      const version = some(model, pick);
      if (version === undefined) return;
      const behind = shown(await allVersions(fixture, query, limit, { name: version.name, fileId: version.fileId }));
      expect(behind).toEqual(rowsBehindVersion(versions, version));
    }),
    { numRuns: 100 },
  );
});

test('versions without unfinished large files, and which is the latest of its name, on pages of any size', async () => {
  const queries = fc.tuple(bounds, fc.constantFrom(undefined, 'unfinished' as const));
  await fc.assert(
    fc.asyncProperty(steps, queries, limits, async (script, [query, without], limit) => {
      const fixture = await createFixture();
      const model = await play(fixture, script);
      const listed = without === undefined ? model : model.filter(({ action }) => action !== 'start');
      const rows = await allVersions(fixture, { ...query, marksLatest: true, ...(without && { without }) }, limit);
      expect(shown(rows)).toEqual(fold(listed, query));
      const real = model.filter(({ action }) => action !== 'start');
      const latest = new Set(real.filter(({ name }, at) => real[at - 1]?.name !== name).map(({ fileId }) => fileId));
      for (const row of rows) if (row.kind === 'version') expect(row.isLatest).toBe(latest.has(row.version.fileId));
    }),
    { numRuns: 100 },
  );
});

test('unfinished large files by name, the oldest first, are what a plain model says', async () => {
  const starts = steps.map((script) =>
    script.map(([step, ...rest]) => [step === 'upload' ? 'start' : step, ...rest] as const),
  );
  await fc.assert(
    fc.asyncProperty(starts, bounds, limits, names, fc.nat(), async (script, query, limit, name, pick) => {
      const fixture = await createFixture();
      const model = (await play(fixture, script))
        .filter(({ action }) => action === 'start')
        .sort((a, b) => byBytes(a.name, b.name) || byBytes(a.fileId, b.fileId));
      const unfinished = fold(model, query);
      expect(shown(await allUnfinished(fixture, query, limit))).toEqual(unfinished);
      expect(shown(await allUnfinished(fixture, query, limit, { name }))).toEqual(rowsBehind(unfinished, name));
      const file = some(model, pick);
      if (file === undefined) return;
      const behind = await allUnfinished(fixture, query, limit, { name: file.name, fileId: file.fileId });
      expect(shown(behind)).toEqual(rowsBehindVersion(unfinished, file));
    }),
    { numRuns: 100 },
  );
});

describe('a listing of versions behind a version', () => {
  test('that was deleted since goes on with what is older', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    const ids: string[] = [];
    for (let count = 0; count < 4; count++) {
      fixture.clock.advance(10);
      ids.unshift((await uploadTo(fixture, 'a', sampleBytes(count))).fileId);
    }
    const last = await uploadTo(fixture, 'b');
    const behind = async (fileId: string) => {
      const after = { name: 'a', fileId };
      const query = { bucketId: bucket.bucketId, after, marksLatest: true, limit: 10 };
      const { rows } = await storage.listings.versions(query);
      return rows.map((row) => row.kind === 'version' && [row.version.fileId, row.isLatest]);
    };
    const older = [...ids.slice(2).map((fileId) => [fileId, false]), [last.fileId, true]];
    expect(await behind(ids[1]!)).toEqual(older);
    await storage.files.deleteVersion({ name: 'a', fileId: ids[1]!, bypassGovernance: false });
    expect(await behind(ids[1]!)).toEqual(older);
    // Of an id that says nothing nobody knows what came before it.
    expect(await behind('unknown')).toHaveLength(4);
  });

  test('and a listing from a name exclude each other', async () => {
    const { storage, bucket } = await createFixture();
    const from = { bucketId: bucket.bucketId, startName: 'a', limit: 1 };
    const refused = { code: 'invalid', details: { field: 'after' } };
    await expect(storage.listings.versions({ ...from, after: { name: 'a' } })).rejects.toMatchObject(refused);
    await expect(storage.listings.names({ ...from, after: 'a' })).rejects.toMatchObject(refused);
  });
});

describe('a listing of unfinished large files', () => {
  test('goes on behind one that was cancelled or finished since, and knows ids of other names', async () => {
    const fixture = await createFixture();
    const { storage, bucket, clock } = fixture;
    const ids: string[] = [];
    for (const name of ['a', 'a', 'a', 'b']) {
      clock.advance(1);
      ids.push((await storage.largeFiles.start(newFile(bucket.bucketId, name))).fileId);
    }
    const behind = async (name: string, fileId: string) => {
      const query = { bucketId: bucket.bucketId, after: { name, fileId }, limit: 10 };
      return shown((await storage.listings.unfinished(query)).rows);
    };
    const expected = [`a ${ids[2]}`, `b ${ids[3]}`];
    expect(await behind('a', ids[1]!)).toEqual(expected);
    await storage.largeFiles.cancel(ids[1]!);
    expect(await behind('a', ids[1]!)).toEqual(expected);
    for (const wrong of [ids[3]!, 'unknown', 'x'.repeat(2_000), ''])
      await expect(behind('a', wrong)).rejects.toMatchObject({ code: 'invalid', details: { field: 'fileId' } });
  });

  test('gives a page with a row where all that it found is gone meanwhile', async () => {
    const fixture = await createFixture();
    const { storage, bucket, metadata } = fixture;
    const { bucketId } = bucket;
    const started: FileVersion[] = [];
    for (const name of ['a', 'b', 'c']) started.push(await storage.largeFiles.start(newFile(bucketId, name)));
    const scan = metadata.scan.bind(metadata);
    metadata.scan = async (table, options) => {
      const rows = await scan(table, options);
      if (table !== 'unfinishedFiles') return rows;
      metadata.scan = scan;
      for (const { fileId } of started.slice(0, 2)) await storage.largeFiles.cancel(fileId);
      return rows;
    };
    const page = await storage.listings.unfinished({ bucketId, limit: 1 });
    expect(shown(page.rows)).toEqual([`c ${started[2]!.fileId}`]);
    expect(page.isTruncated).toBe(false);
  });

  test('refuses impossible pages, and a bucket that is not there', async () => {
    const { storage, bucket } = await createFixture();
    const { bucketId } = bucket;
    const list = (query: Partial<UnfinishedQuery>) => storage.listings.unfinished({ bucketId, limit: 1, ...query });
    for (const query of [{ limit: 0 }, { limit: 10_001 }, { prefix: 'x'.repeat(1_025) }])
      await expect(list(query)).rejects.toMatchObject({ code: 'invalid' });
    await expect(list({ after: { name: '\0'.repeat(1_024) } })).rejects.toMatchObject({ code: 'invalid' });
    await expect(list({ bucketId: 'x' })).rejects.toMatchObject({ code: 'bucket_missing' });
  });
});
