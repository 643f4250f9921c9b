import { keys, recordKey, type Write } from '@coffer/storage-ports';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  bodyOf,
  createFixture,
  newFile,
  readBack,
  sampleBytes,
  sha1Of,
  uploadTo,
  type Fixture,
} from '../test/fixture.ts';
import { rule, runAll } from '../test/lifecycle-fixture.ts';
import { countRows } from '../test/turn-counting.ts';
import { rowsPerTurn } from './core/turns.ts';
import { provenMetadata } from './core/proven-records.ts';

/** What a client made many of; more than fit into a few turns. */
const many = 1_500;
/** Rows of one turn: those that end it, and as many that were begun before. */
const mostRows = 2 * rowsPerTurn;

const metadata = countRows(createMemoryMetadataStore());
let fixture: Fixture;
let bucketId: string;

beforeAll(async () => {
  const options = { minimumPartSize: 1, maximumBuckets: many };
  fixture = await createFixture({ stores: { metadata, blobs: createMemoryBlobStore() }, options });
  ({ bucketId } = fixture.bucket);
});

/** Runs it alone, and asserts that it takes its turns. */
async function takesTurns(work: () => Promise<unknown>): Promise<void> {
  const { rows, mostInOneTurn } = await metadata.during(work);
  expect(rows).toBeGreaterThan(many);
  expect(mostInOneTurn).toBeLessThanOrEqual(mostRows);
}

const numbers = Array.from({ length: many }, (_, index) => index);

describe('listings of a bucket with many names and folders', () => {
  beforeAll(async () => {
    for (const i of numbers) await uploadTo(fixture, `folder-${i}/file`, sampleBytes(1));
  });

  const query = () => ({ bucketId, limit: 10_000 });

  test.each([
    ['names', () => fixture.storage.listings.names(query())],
    ['names in folders', () => fixture.storage.listings.names({ ...query(), delimiter: '/' })],
    ['versions', () => fixture.storage.listings.versions(query())],
    ['versions in folders', () => fixture.storage.listings.versions({ ...query(), delimiter: '/' })],
  ])('%s', async (_, list) => {
    await takesTurns(async () => {
      expect((await list()).rows).toHaveLength(many);
    });
  });

  test('lifecycle rules that hide, delete and cancel, and find nothing to do', async () => {
    const days = { daysFromUploadingToHiding: 9, daysFromHidingToDeleting: 9 };
    const lifecycleRules = [rule({ ...days, daysFromStartingToCancelingUnfinishedLargeFiles: 9 })];
    await fixture.storage.buckets.update(bucketId, { lifecycleRules });
    await takesTurns(() => runAll(fixture.storage));
  });

  test('lifecycle rules for prefixes that no file has', async () => {
    const fileNamePrefixes = numbers.slice(0, many / 2).map((i) => `none-${i}-`);
    const lifecycleRules = fileNamePrefixes.map((fileNamePrefix) =>
      rule({ fileNamePrefix, daysFromUploadingToHiding: 9, daysFromHidingToDeleting: 9 }),
    );
    await fixture.storage.buckets.update(bucketId, { lifecycleRules });
    await takesTurns(() => runAll(fixture.storage));
  });
});

describe('many unfinished large files', () => {
  beforeAll(async () => {
    for (const i of numbers) {
      await fixture.storage.largeFiles.start(newFile(bucketId, 'contested'));
      if (i % 100 === 0) await uploadTo(fixture, 'contested', sampleBytes(1));
    }
  });

  test('are listed by a prefix that none of them has', async () => {
    await takesTurns(async () => {
      const { files } = await fixture.storage.largeFiles.listUnfinished({ bucketId, namePrefix: 'x', limit: 100 });
      expect(files).toEqual([]);
    });
  });

  test('are listed by name, and left out of the versions', async () => {
    const { listings } = fixture.storage;
    const within = { bucketId, prefix: 'contested', limit: 10 };
    await takesTurns(async () => {
      expect((await listings.unfinished(within)).rows).toHaveLength(10);
    });
    await takesTurns(async () => {
      const { rows } = await listings.versions({ ...within, limit: 20, without: 'unfinished', marksLatest: true });
      expect(rows).toHaveLength(many / 100);
    });
  });

  test('do not make a delete of the current version of their name longer', async () => {
    const { storage } = fixture;
    for (let left = many / 100; left > 1; left--) {
      const { fileId } = await storage.files.getByName(bucketId, 'contested');
      const deleted = { name: 'contested', fileId, bypassGovernance: false };
      const { rows } = await metadata.during(() => storage.files.deleteVersion(deleted));
      expect(rows).toBeLessThan(50);
      expect((await storage.files.getByName(bucketId, 'contested')).fileId).not.toBe(fileId);
    }
    const { fileId } = await storage.files.getByName(bucketId, 'contested');
    await storage.files.deleteVersion({ name: 'contested', fileId, bypassGovernance: false });
    await expect(storage.files.getByName(bucketId, 'contested')).rejects.toMatchObject({ code: 'file_missing' });
  });

  test('are cancelled by a lifecycle rule', async () => {
    const lifecycleRules = [rule({ daysFromStartingToCancelingUnfinishedLargeFiles: 1 })];
    await fixture.storage.buckets.update(bucketId, { lifecycleRules });
    await takesTurns(() => runAll(fixture.storage, { dryRun: true }));
  });
});

describe('a large file of many parts', () => {
  const part = sampleBytes(2);
  const start = async () => {
    const { fileId } = await fixture.storage.largeFiles.start(newFile(bucketId, 'large'));
    for (const i of numbers) await fixture.storage.largeFiles.uploadPart({ fileId, partNumber: i + 1 }, bodyOf(part));
    return fileId;
  };

  test('is listed, finished, read and deleted', async () => {
    const { storage } = fixture;
    const fileId = await start();
    await takesTurns(async () => {
      expect((await storage.largeFiles.listParts({ fileId, limit: 10_000 })).parts).toHaveLength(many);
    });
    await takesTurns(() =>
      storage.largeFiles.finish(
        fileId,
        numbers.map(() => sha1Of(part)),
      ),
    );
    const version = await storage.files.get(fileId);
    await takesTurns(() => readBack(storage, version, undefined, { start: many, length: 1 }));
    const again = await metadata.during(() => readBack(storage, version, undefined, { start: many, length: 1 }));
    expect(again.rows).toBeLessThan(5);
    await takesTurns(() => storage.files.deleteVersion({ name: 'large', fileId, bypassGovernance: false }));
  });

  test('is completed with every second of them, and again, and its parts are found', async () => {
    const { storage } = fixture;
    const fileId = await start();
    const { parts } = await storage.largeFiles.listParts({ fileId, limit: many });
    const listed = parts
      .filter(({ partNumber }) => partNumber % 2 === 0)
      .map(({ partNumber, entityTag }) => ({ partNumber, entityTag }));
    await takesTurns(() => storage.largeFiles.complete(fileId, listed));
    const again = await metadata.during(() => storage.largeFiles.complete(fileId, listed));
    expect(again.mostInOneTurn).toBeLessThanOrEqual(mostRows);
    const version = await storage.files.get(fileId);
    expect(version).toMatchObject({ partCount: many / 2, size: many });
    const found = await metadata.during(async () => {
      expect(await storage.reads.partAt(version, many)).toMatchObject({ start: many - 2, size: 2 });
    });
    expect(found.rows).toBeLessThan(5);
    await storage.files.deleteVersion({ name: 'large', fileId, bypassGovernance: false });
  });

  test('is cancelled', async () => {
    const fileId = await start();
    await takesTurns(() => fixture.storage.largeFiles.cancel(fileId));
  });
});

describe('settings', () => {
  test('many application keys are listed', async () => {
    const { storage, accountId } = fixture;
    const key = { accountId, keyName: 'k', capabilities: ['listFiles'], bucketIds: null, namePrefix: null };
    for (const _ of numbers) await storage.applicationKeys.create({ ...key, validDurationInSeconds: 1 });
    fixture.clock.advance(1_000);
    await takesTurns(async () => {
      expect((await storage.applicationKeys.list({ accountId, limit: 1 })).keys).toEqual([]);
    });
  });

  test('many buckets are listed', async () => {
    const { storage, accountId } = fixture;
    const writes = numbers.map((i): Write => {
      const own = { bucketId: i.toString(16).padStart(24, '0'), name: `bucket-${i}` };
      return { table: 'buckets', key: keys.buckets(own.bucketId), put: { ...fixture.bucket, ...own } };
    });
    await provenMetadata(metadata, fixture.keys).commit({ expectations: [], writes });
    await takesTurns(() => storage.buckets.list({ accountId }));
    for (const { key } of writes as { key: Uint8Array }[])
      await metadata.commit({ expectations: [], writes: [{ table: 'buckets', key, delete: true }] });
  });
});

describe('many events', () => {
  const event = {
    ...{ eventId: 'e', eventTimestamp: 1, eventType: 'b2:ObjectCreated:Upload' as const },
    ...{ objectName: 'a', objectSize: 1, objectVersionId: 'f' },
  };
  const append = (ruleId: string): Write => ({
    table: 'notificationEvents',
    prefix: recordKey(bucketId, ruleId),
    append: event,
  });

  test('of one rule are counted, and dropped with their rule', async () => {
    await metadata.commit({ expectations: [], writes: numbers.map(() => append('gone')) });
    await takesTurns(() => fixture.storage.outbox.backlog());
    const lease = { owner: 'worker', milliseconds: 1_000 };
    await takesTurns(() => fixture.storage.outbox.claim({ bucketId, ruleId: 'gone' }, lease));
    expect(await fixture.storage.outbox.pending()).toEqual([]);
  });

  test('of many rules are found', async () => {
    await metadata.commit({ expectations: [], writes: numbers.map((i) => append(`rule-${i}`)) });
    await takesTurns(() => fixture.storage.outbox.backlog());
  });
});
