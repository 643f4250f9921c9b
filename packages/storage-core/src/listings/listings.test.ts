import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MetadataStore } from '@coffer/storage-ports';
import { bodyOf, createFixture, newFile, sampleBytes, uploadTo, type Fixture } from '../../test/fixture.ts';
import type { ListingRow } from '../services/storage.ts';

/** What the model knows of a version. */
interface ModelVersion {
  readonly name: string;
  readonly fileId: string;
  readonly action: string;
}

interface ModelQuery {
  readonly prefix?: string;
  readonly delimiter?: string;
  readonly startName?: string;
}

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** All rows a listing must give, by the plainest means: newest versions first in `versions`. */
function fold(versions: readonly ModelVersion[], { prefix = '', delimiter = '', startName }: ModelQuery): string[] {
  const rows: string[] = [];
  for (const { name, fileId } of versions) {
    if (!name.startsWith(prefix) || (startName !== undefined && byBytes(name, startName) < 0)) continue;
    const at = delimiter === '' ? -1 : name.indexOf(delimiter, prefix.length);
    const row = at < 0 ? `${name} ${fileId}` : `folder ${name.slice(0, at + delimiter.length)}`;
    if (rows.at(-1) !== row) rows.push(row);
  }
  return rows;
}

function currentOnes(versions: readonly ModelVersion[]): ModelVersion[] {
  const seen = new Set<string>();
  return versions.filter(({ name, action }) => {
    if (action === 'start' || seen.has(name)) return false;
    seen.add(name);
    return action === 'upload';
  });
}

function shown(rows: readonly ListingRow[]): string[] {
  return rows.map((row) =>
    row.kind === 'folder' ? `folder ${row.name}` : `${row.version.name} ${row.version.fileId}`,
  );
}

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

type Step = readonly ['upload' | 'hide' | 'start' | 'delete', string, number];

const names = fc.stringMatching(/^[ab/é\u{10400}]{1,5}$/u);
const steps = fc.array(fc.tuple(fc.constantFrom('upload', 'upload', 'hide', 'start', 'delete'), names, fc.nat(20)), {
  maxLength: 40,
});
const queries = fc.record(
  { prefix: fc.stringMatching(/^[ab/é]{0,2}$/u), delimiter: fc.constantFrom('/', 'a', 'b/'), startName: names },
  { requiredKeys: [] },
);

/** Does what the steps say, and what the model has after it: name ascending, newest first. */
async function play(fixture: Fixture, script: readonly Step[]): Promise<ModelVersion[]> {
  const { storage, bucket } = fixture;
  let model: ModelVersion[] = [];
  for (const [step, name, pick] of script) {
    if (step === 'delete') {
      const victim = model[pick % Math.max(1, model.length)];
      if (victim === undefined) continue;
      await storage.files.deleteVersion({ ...victim, bypassGovernance: false });
      model = model.filter((version) => version !== victim);
      continue;
    }
    const hidden = currentOnes(model).every((version) => version.name !== name);
    if (step === 'hide' && hidden) {
      await expect(storage.files.hide(bucket.bucketId, name)).rejects.toMatchObject({
        code: expect.stringMatching(/^(already_hidden|name_missing)$/) as string,
      });
      continue;
    }
    const version =
      step === 'upload'
        ? await uploadTo(fixture, name, sampleBytes(1))
        : step === 'hide'
          ? await storage.files.hide(bucket.bucketId, name)
          : await storage.largeFiles.start(newFile(bucket.bucketId, name));
    model = [{ name, fileId: version.fileId, action: version.action }, ...model];
  }
  return model
    .map((version, age) => ({ version, age }))
    .sort((a, b) => byBytes(a.version.name, b.version.name) || a.age - b.age)
    .map(({ version }) => version);
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
