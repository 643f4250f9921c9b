import { StoreError } from '@coffer/storage-ports';
import { seededRandom } from '@coffer/storage-testkit';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';
import { describe, expect, test } from 'vitest';
import {
  beforeNextCommit,
  bodyOf,
  census,
  createFixture,
  largeFile,
  newFile,
  sampleBytes,
  sha1Of,
  uploadTo,
  type Fixture,
} from '../../test/fixture.ts';
import { allVersions, day, rule, runAll, told } from '../../test/lifecycle-fixture.ts';
import { createStorage } from '../create-storage.ts';

const open = (lifecycleRules: Parameters<typeof rule>[0][], fileLockEnabled = false): Promise<Fixture> =>
  createFixture({ bucket: { lifecycleRules: lifecycleRules.map(rule), fileLockEnabled } });

const actions = async ({ storage, bucket }: Fixture, name: string) =>
  (await allVersions(storage, bucket.bucketId)).filter((one) => one.name === name).map(({ action }) => action);

/** A large file with two parts, and how to finish it. */
async function startLargeFile({ storage, bucket }: Fixture, name: string) {
  const { fileId } = await storage.largeFiles.start(newFile(bucket.bucketId, name));
  const parts = [sampleBytes(200), sampleBytes(1)];
  for (const [index, data] of parts.entries())
    await storage.largeFiles.uploadPart({ fileId, partNumber: index + 1 }, bodyOf(data));
  return { finish: () => storage.largeFiles.finish(fileId, parts.map(sha1Of)) };
}

describe('a lifecycle rule', () => {
  test('hides a current version that is old enough, to the millisecond', async () => {
    const fixture = await open([{ daysFromUploadingToHiding: 2 }]);
    await uploadTo(fixture, 'a');
    fixture.clock.advance(2 * day - 1);
    expect(await runAll(fixture.storage)).toEqual([]);
    fixture.clock.advance(1);
    const { storage, bucket } = fixture;
    expect(told(await runAll(storage))).toEqual(['done hide a']);
    expect(await actions(fixture, 'a')).toEqual(['hide', 'upload']);
    await expect(storage.files.getByName(bucket.bucketId, 'a')).rejects.toMatchObject({ code: 'file_missing' });
    expect(await runAll(storage)).toEqual([]);
  });

  test('deletes what was hidden long enough, counted from the next newer version or hide marker', async () => {
    const fixture = await open([{ daysFromHidingToDeleting: 2 }]);
    const { storage, bucket, clock } = fixture;
    for (let count = 0; count < 4; count++) {
      await uploadTo(fixture, 'a');
      clock.advance(day);
    }
    await storage.files.hide(bucket.bucketId, 'a');
    clock.advance(day - 1);
    // Superseded at day 1 and 2 and 3, now being a moment before day 5.
    expect(told(await runAll(storage))).toEqual(['done delete-version a', 'done delete-version a']);
    expect(await actions(fixture, 'a')).toEqual(['hide', 'upload', 'upload']);
    clock.advance(1 + day);
    expect(told(await runAll(storage))).toEqual([
      'done delete-version a',
      'done delete-version a',
      'done delete-hide-marker a',
    ]);
    expect(Object.keys(await census(fixture))).not.toContain('fileVersions');
    expect(Object.keys(await census(fixture))).not.toContain('nameHeads');
  });

  test('deletes a hide marker that is alone at once, and not one over an unfinished large file', async () => {
    const fixture = await open([{ daysFromHidingToDeleting: 9 }]);
    const { storage, bucket } = fixture;
    await storage.largeFiles.start(newFile(bucket.bucketId, 'unfinished'));
    for (const name of ['alone', 'unfinished']) {
      const { fileId } = await uploadTo(fixture, name);
      await storage.files.hide(bucket.bucketId, name);
      await storage.files.deleteVersion({ name, fileId, bypassGovernance: false });
    }
    await storage.largeFiles.start(newFile(bucket.bucketId, 'alone'));
    expect(told(await runAll(storage))).toEqual(['done delete-hide-marker alone']);
    expect(await actions(fixture, 'unfinished')).toEqual(['hide', 'start']);
    expect(await actions(fixture, 'alone')).toEqual(['start']);
  });

  test('deletes a hide marker once the unfinished large file beneath it is cancelled, as a dry run says', async () => {
    const rules = { daysFromHidingToDeleting: 1, daysFromStartingToCancelingUnfinishedLargeFiles: 1 };
    const fixture = await open([rules]);
    const { storage, bucket, clock } = fixture;
    await storage.largeFiles.start(newFile(bucket.bucketId, 'a'));
    await uploadTo(fixture, 'a');
    await storage.files.hide(bucket.bucketId, 'a');
    clock.advance(day + 2);
    const expected = ['cancel-large-file a', 'delete-version a', 'delete-hide-marker a'];
    expect(told(await runAll(storage, { dryRun: true }))).toEqual(expected.map((text) => `planned ${text}`));
    expect(told(await runAll(storage))).toEqual(expected.map((text) => `done ${text}`));
  });

  test('deletes a hide marker that was superseded', async () => {
    const fixture = await open([{ daysFromHidingToDeleting: 1 }]);
    const { storage, bucket, clock } = fixture;
    await uploadTo(fixture, 'a');
    await storage.files.hide(bucket.bucketId, 'a');
    await uploadTo(fixture, 'a');
    clock.advance(day + 2);
    expect(told(await runAll(storage))).toEqual(['done delete-hide-marker a', 'done delete-version a']);
    expect(await actions(fixture, 'a')).toEqual(['upload']);
  });

  test('deletes hide markers over each other when they are due, and the last one once nothing is beneath it', async () => {
    const fixture = await open([{ daysFromHidingToDeleting: 2 }]);
    const { storage, bucket, clock } = fixture;
    await uploadTo(fixture, 'a');
    for (let count = 0; count < 3; count++) {
      clock.advance(day);
      await storage.files.hide(bucket.bucketId, 'a', { evenIfAbsent: true });
    }
    await storage.files.hide(bucket.bucketId, 'never there', { evenIfAbsent: true });
    expect(told(await runAll(storage))).toEqual(['done delete-version a', 'done delete-hide-marker never there']);
    expect(await actions(fixture, 'a')).toEqual(['hide', 'hide', 'hide']);
    clock.advance(2 * day);
    expect(told(await runAll(storage))).toEqual(Array(3).fill('done delete-hide-marker a'));
    expect(Object.keys(await census(fixture))).not.toContain('nameHeads');
  });

  test('cancels large files, which frees their parts', async () => {
    const fixture = await open([{ fileNamePrefix: 'p/', daysFromStartingToCancelingUnfinishedLargeFiles: 3 }]);
    const { storage, bucket, clock } = fixture;
    for (const name of ['p/old', 'q/old']) {
      const { fileId } = await storage.largeFiles.start(newFile(bucket.bucketId, name));
      await storage.largeFiles.uploadPart({ fileId, partNumber: 1 }, bodyOf(sampleBytes(500)));
    }
    clock.advance(day);
    await storage.largeFiles.start(newFile(bucket.bucketId, 'p/young'));
    clock.advance(2 * day);
    expect(told(await runAll(storage))).toEqual(['done cancel-large-file p/old']);
    expect(await census(fixture)).toMatchObject({ unfinishedFiles: 2, parts: 1, inlineBlobs: 1 });
  });

  test('keeps what a large file superseded from its finish, not from its start', async () => {
    const fixture = await open([{ daysFromHidingToDeleting: 1, daysFromUploadingToHiding: 2 }]);
    const { storage, clock } = fixture;
    await uploadTo(fixture, 'a');
    clock.advance(1);
    const { finish } = await startLargeFile(fixture, 'a');
    clock.advance(2 * day);
    await finish();
    expect(await runAll(storage)).toEqual([]);
    clock.advance(day);
    expect(told(await runAll(storage))).toEqual(['done delete-version a']);
    clock.advance(day);
    expect(told(await runAll(storage))).toEqual(['done hide a']);
  });

  test('keeps a large file that was superseded before its finish for as long after it', async () => {
    const fixture = await open([{ daysFromHidingToDeleting: 2 }]);
    const { storage, clock } = fixture;
    const { finish } = await startLargeFile(fixture, 'a');
    clock.advance(1);
    await uploadTo(fixture, 'a');
    clock.advance(3 * day);
    await finish();
    clock.advance(2 * day - 1);
    expect(await runAll(storage)).toEqual([]);
    clock.advance(1);
    expect(told(await runAll(storage))).toEqual(['done delete-version a']);
  });

  test('keeps locked versions and the hide marker over them, until the lock is over', async () => {
    const fixture = await open([{ daysFromHidingToDeleting: 1, daysFromUploadingToHiding: 1 }], true);
    const { storage, bucket, clock } = fixture;
    const retention = (mode: 'governance' | 'compliance') => ({ mode, retainUntil: clock.now() + 5 * day });
    await uploadTo(fixture, 'held', sampleBytes(1), { legalHold: 'on' });
    await uploadTo(fixture, 'governed', sampleBytes(1), { retention: retention('governance') });
    await uploadTo(fixture, 'compliant', sampleBytes(1), { retention: retention('compliance') });
    clock.advance(day);
    expect(told(await runAll(storage))).toEqual(['done hide compliant', 'done hide governed', 'done hide held']);
    clock.advance(2 * day);
    expect(await runAll(storage)).toEqual([]);
    clock.advance(2 * day);
    const names = (await runAll(storage)).map(({ action }) => action.name);
    expect(names).toEqual(['compliant', 'compliant', 'governed', 'governed']);
    expect((await allVersions(storage, bucket.bucketId)).map(({ name }) => name)).toEqual(['held', 'held']);
  });

  test('is for its prefix, in its bucket', async () => {
    const fixture = await open([
      { fileNamePrefix: 'a/', daysFromUploadingToHiding: 1 },
      { fileNamePrefix: 'b/', daysFromUploadingToHiding: 5 },
    ]);
    const { storage, accountId, clock } = fixture;
    const settings = { accountId, type: 'allPrivate', settings: {} } as const;
    const other = await storage.buckets.create({ ...settings, name: 'other-bucket' });
    for (const name of ['a', 'a/1', 'a0', 'b/1', 'a/2']) await uploadTo(fixture, name);
    await uploadTo({ storage, bucket: other }, 'a/1');
    clock.advance(day);
    const outcomes = await runAll(storage);
    expect(told(outcomes)).toEqual(['done hide a/1', 'done hide a/2']);
    expect(outcomes[0]?.action).toMatchObject({ bucketName: 'bucket-one', fileNamePrefix: 'a/' });
  });
});

describe('a run', () => {
  test('that is dry tells what one would do, and does nothing', async () => {
    const fixture = await open([{ daysFromUploadingToHiding: 1, daysFromHidingToDeleting: 1 }]);
    const { storage, bucket, clock } = fixture;
    await uploadTo(fixture, 'gone');
    await storage.files.hide(bucket.bucketId, 'gone');
    await uploadTo(fixture, 'old');
    clock.advance(2 * day);
    const before = await allVersions(storage, bucket.bucketId);
    const dry = await runAll(storage, { dryRun: true });
    expect(await allVersions(storage, bucket.bucketId)).toEqual(before);
    const planned = [];
    for await (const action of storage.lifecycle.plan(clock.now())) planned.push(action);
    expect(dry).toEqual(planned.map((action) => ({ action, result: 'planned' })));
    expect((await runAll(storage)).map(({ action }) => action)).toEqual(planned);
    expect(told(dry)).toEqual(['planned hide old', 'planned delete-version gone', 'planned delete-hide-marker gone']);
  });

  test('goes through a name of more versions than a page has', async () => {
    const fixture = await open([{ daysFromHidingToDeleting: 1 }]);
    const { storage, bucket, clock } = fixture;
    for (let count = 0; count < 450; count++) await uploadTo(fixture, 'a', sampleBytes(1));
    await storage.files.hide(bucket.bucketId, 'a');
    await uploadTo(fixture, 'b');
    clock.advance(day + 1_000);
    const outcomes = await runAll(storage);
    expect(outcomes).toHaveLength(451);
    expect(outcomes.every(({ result }) => result === 'done')).toBe(true);
    expect((await allVersions(storage, bucket.bucketId)).map(({ name }) => name)).toEqual(['b']);
    expect(await census(fixture)).toMatchObject({ fileVersions: 1, fileIds: 1, inlineBlobs: 1, blobReferences: 1 });
  });

  test('costs one read for all buckets without rules, and one of the mark of the clock', async () => {
    const fixture = await createFixture();
    for (const name of ['a', 'b', 'c']) await uploadTo(fixture, name);
    const { storage, metadata } = fixture;
    const reads: string[] = [];
    const get = metadata.get.bind(metadata);
    const scan = metadata.scan.bind(metadata);
    metadata.get = (table, key) => {
      reads.push(table);
      return get(table, key);
    };
    metadata.scan = (table, options) => {
      reads.push(table);
      return scan(table, options);
    };
    expect(await runAll(storage)).toEqual([]);
    expect(reads).toEqual(['clockMarks', 'buckets']);
  });

  test('that is ended is taken up by the next', async () => {
    const fixture = await open([{ daysFromHidingToDeleting: 1 }]);
    const { storage, bucket, clock } = fixture;
    for (let count = 0; count < 50; count++) await uploadTo(fixture, 'a');
    clock.advance(day + 1_000);
    for await (const { result } of storage.lifecycle.run()) {
      expect(result).toBe('done');
      break;
    }
    const left = (await allVersions(storage, bucket.bucketId)).length;
    expect(left).toBeGreaterThan(1);
    await runAll(storage);
    expect(await actions(fixture, 'a')).toEqual(['upload']);
    expect(await storage.recovery.recover()).toEqual({
      deletions: 0,
      leftovers: 0,
      orphanBlobs: 0,
      purged: 0,
      concerns: [],
    });
  });

  test('ends with its signal', async () => {
    const fixture = await open([{ daysFromHidingToDeleting: 1 }]);
    const signal = AbortSignal.abort(new Error('no more'));
    await expect(fixture.storage.lifecycle.run({ signal }).next()).rejects.toThrow('no more');
  });

  test('beside another one does everything once', async () => {
    const metadata = createMemoryMetadataStore();
    const blobs = createMemoryBlobStore();
    const bucketRules = [rule({ daysFromHidingToDeleting: 1, daysFromUploadingToHiding: 1 })];
    const fixture = await createFixture({ stores: { metadata, blobs }, bucket: { lifecycleRules: bucketRules } });
    const { clock, bucket } = fixture;
    for (let count = 0; count < 40; count++) await uploadTo(fixture, `name-${count % 4}`);
    clock.advance(day + 1_000);
    const random = seededRandom('another process');
    const other = createStorage({ ...fixture, metadata: metadata.reopen(), random });
    const outcomes = (await Promise.all([runAll(fixture.storage), runAll(other)])).flat();
    const done = outcomes.filter(({ result }) => result === 'done').map(({ action }) => action.fileId);
    expect(new Set(done).size).toBe(done.length);
    expect(done).toHaveLength(36 + 4);
    expect(outcomes.filter(({ result }) => result === 'failed')).toEqual([]);
    expect((await allVersions(other, bucket.bucketId)).map(({ action }) => action)).toEqual(
      Array.from({ length: 4 }, () => ['hide', 'upload']).flat(),
    );
  });

  test('tells of what failed and goes on, unless the store fails', async () => {
    const fixture = await open([{ daysFromHidingToDeleting: 1 }]);
    const { storage, metadata, clock } = fixture;
    for (const name of ['a', 'a', 'b', 'b']) await uploadTo(fixture, name);
    clock.advance(day + 1_000);
    const commit = metadata.commit.bind(metadata);
    metadata.commit = () => {
      metadata.commit = commit;
      return Promise.reject(new StoreError('full', 'no space'));
    };
    expect(told(await runAll(storage))).toEqual(['failed delete-version a', 'done delete-version b']);
    metadata.commit = () => Promise.reject(new StoreError('io', 'a broken disk'));
    await expect(runAll(storage)).rejects.toMatchObject({ code: 'storage_unavailable' });
    metadata.commit = commit;
    expect(told(await runAll(storage))).toEqual(['done delete-version a']);
  });
});

describe('what happens between the plan and its commit is respected', () => {
  /** Runs one action while something else happens, in another process that shares the stores. */
  const outcomeWhile = async (
    rules: Parameters<typeof rule>[0],
    prepare: (fixture: Fixture) => Promise<unknown>,
    happen: (fixture: Fixture) => Promise<unknown>,
  ) => {
    const fixture = await open([rules], true);
    await prepare(fixture);
    fixture.clock.advance(day + 10);
    const storage = createStorage({ ...fixture, random: seededRandom('another process') });
    beforeNextCommit(fixture.metadata, () => happen({ ...fixture, storage }));
    return { fixture, told: told(await runAll(fixture.storage)) };
  };
  const twice = async (fixture: Fixture) => {
    await uploadTo(fixture, 'a');
    await uploadTo(fixture, 'a');
  };
  const hideRule = { daysFromUploadingToHiding: 1 };
  const deleteRule = { daysFromHidingToDeleting: 1 };
  const withoutRules = ({ storage, bucket }: Fixture) =>
    storage.buckets.update(bucket.bucketId, { lifecycleRules: [] });

  test('a new version is not hidden', async () => {
    const { fixture, told: outcome } = await outcomeWhile(
      hideRule,
      (one) => uploadTo(one, 'a'),
      (one) => uploadTo(one, 'a'),
    );
    expect(outcome).toEqual(['skipped hide a']);
    expect(await actions(fixture, 'a')).toEqual(['upload', 'upload']);
  });

  test('a lock keeps its version', async () => {
    const { fixture, told: outcome } = await outcomeWhile(deleteRule, twice, async ({ storage, bucket }) => {
      const oldest = (await allVersions(storage, bucket.bucketId)).at(-1)!;
      await storage.locks.updateLegalHold(oldest, 'on');
    });
    expect(outcome).toEqual(['skipped delete-version a']);
    expect(await actions(fixture, 'a')).toEqual(['upload', 'upload']);
  });

  test('a version that becomes current again is kept', async () => {
    const { fixture, told: outcome } = await outcomeWhile(deleteRule, twice, async ({ storage, bucket }) => {
      const { name, fileId } = await storage.files.getByName(bucket.bucketId, 'a');
      await storage.files.deleteVersion({ name, fileId, bypassGovernance: false });
    });
    expect(outcome).toEqual(['skipped delete-version a']);
    expect(await actions(fixture, 'a')).toEqual(['upload']);
  });

  test.each([
    ['hide', hideRule, (one: Fixture) => uploadTo(one, 'a')],
    ['delete-version', deleteRule, twice],
    [
      'cancel-large-file',
      { daysFromStartingToCancelingUnfinishedLargeFiles: 1 },
      ({ storage, bucket }: Fixture) => storage.largeFiles.start(newFile(bucket.bucketId, 'a')),
    ],
  ] as const)('a rule that is gone does not %s', async (kind, rules, prepare) => {
    const { told: outcome } = await outcomeWhile(rules, prepare, withoutRules);
    expect(outcome).toEqual([`skipped ${kind} a`]);
  });

  test('a large file that is finished is not cancelled', async () => {
    const fixture = await open([{ daysFromStartingToCancelingUnfinishedLargeFiles: 1 }]);
    const { storage, clock, bucket } = fixture;
    const plan = storage.lifecycle.run();
    const finished = await largeFile(fixture, 'done', [sampleBytes(100), sampleBytes(1)]);
    await storage.largeFiles.start(newFile(bucket.bucketId, 'open'));
    clock.advance(day);
    // The run's own moment is that of its first step.
    expect((await plan.next()).value).toBeUndefined();
    expect(told(await runAll(storage))).toEqual(['done cancel-large-file open']);
    expect(await storage.files.get(finished.fileId)).toMatchObject({ action: 'upload' });
  });

  test('an upload under a hide marker that was alone brings the name back', async () => {
    const { fixture, told: outcome } = await outcomeWhile(
      { daysFromHidingToDeleting: 9 },
      async (one) => {
        const { name, fileId } = await uploadTo(one, 'a');
        await one.storage.files.hide(one.bucket.bucketId, 'a');
        await one.storage.files.deleteVersion({ name, fileId, bypassGovernance: false });
      },
      (one) => uploadTo(one, 'a'),
    );
    expect(outcome).toEqual(['skipped delete-hide-marker a']);
    expect(await actions(fixture, 'a')).toEqual(['upload', 'hide']);
  });
});
