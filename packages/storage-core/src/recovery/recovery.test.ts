import { describe, expect, test } from 'vitest';
import { streamOf } from '@coffer/bytes';
import {
  failEachCall,
  faultyBlobStore,
  faultyMetadataStore,
  type CountingPlan,
  type Fault,
} from '@coffer/storage-testkit';
import { StoreError, keys } from '@coffer/storage-ports';
import {
  bodyOf,
  census,
  createFixture,
  largeFile,
  newFile,
  sampleBytes,
  uploadTo,
  deletionOf,
} from '../../test/fixture.ts';
import {
  blobOf,
  days,
  heldIds,
  loseReference,
  loseRow,
  partBlob,
  readAll,
  sceneToSettle,
  type RecoveryScene,
} from '../../test/recovery-scene.ts';
import { createStorage } from '../create-storage.ts';
import type { RecoveryReport, Storage } from '../services/storage.ts';

const quiet: RecoveryReport = { deletions: 0, leftovers: 0, orphanBlobs: 0, purged: 0, concerns: [] };
const options = { inlineThreshold: 50 };

const concern = (report: RecoveryReport, kind: string) => report.concerns.find((each) => each.kind === kind);

describe('recovery', () => {
  test('finishes interrupted deletes and puts orphans into quarantine, and nothing else', async () => {
    const fixture = await createFixture({ options });
    const { storage, blobs, bucket, clock } = fixture;
    await uploadTo(fixture, 'kept', sampleBytes(500));
    await largeFile(fixture, 'kept large', [sampleBytes(500), sampleBytes(5)]);
    const before = await census(fixture);
    const doomed = [
      await uploadTo(fixture, 'doomed', sampleBytes(500)),
      await largeFile(fixture, 'doomed large', [sampleBytes(500), sampleBytes(5)]),
    ];
    const { fileId } = await storage.largeFiles.start(newFile(bucket.bucketId, 'l'));
    for (let partNumber = 1; partNumber <= 120; partNumber++)
      await storage.largeFiles.uploadPart({ fileId, partNumber }, bodyOf(sampleBytes(60)));
    const remove = blobs.delete.bind(blobs);
    blobs.delete = () => Promise.reject(new Error('the process died'));
    for (const { name, fileId: id } of doomed)
      await storage.files.deleteVersion({ name, fileId: id, bypassGovernance: false });
    await storage.largeFiles.cancel(fileId);
    blobs.delete = remove;
    await blobs.write('0000orphan', streamOf(sampleBytes(5)));
    expect(await census(fixture)).toMatchObject({ pendingDeletions: 3 });
    expect(await storage.recovery.recover()).toEqual({ ...quiet, deletions: 3, orphanBlobs: 1 });
    expect(await census(fixture)).toEqual(before);
    expect(await storage.recovery.quarantine.list({ limit: 10 })).toEqual([
      { blobId: '0000orphan', quarantinedAt: clock.now(), size: 5 },
    ]);
    expect(await storage.recovery.recover()).toEqual(quiet);
  });

  test('removes an orphan when its time in quarantine is over, at the start or beside everything else', async () => {
    for (const purge of [
      async ({ recovery }: Storage) => (await recovery.recover()).purged,
      async ({ recovery }: Storage) => recovery.quarantine.purgeExpired(),
    ]) {
      const fixture = await createFixture({ options });
      await uploadTo(fixture, 'kept', sampleBytes(500));
      await fixture.blobs.write('0000orphan', streamOf(sampleBytes(5)));
      await fixture.storage.recovery.recover();
      fixture.clock.advance(days(7) - 1);
      expect(await purge(fixture.storage)).toBe(0);
      expect(await heldIds(fixture)).toEqual(['0000orphan']);
      fixture.clock.advance(1);
      expect(await purge(fixture.storage)).toBe(1);
      expect(await heldIds(fixture)).toEqual([]);
    }
  });

  test('counts the time in quarantine by a clock that is not in doubt', async () => {
    const fixture = await createFixture({ options });
    const { storage, clock, blobs } = fixture;
    await storage.clock.keep();
    await blobs.write('0orphan', streamOf(sampleBytes(5)));
    await uploadTo(fixture, 'kept', sampleBytes(500));
    clock.jump(-days(30));
    await storage.recovery.recover();
    clock.jump(days(30));
    expect(await storage.recovery.quarantine.purgeExpired()).toBe(0);
    clock.jump(days(8));
    expect(await storage.recovery.quarantine.purgeExpired()).toBe(0);
    expect(await storage.recovery.recover()).toEqual(quiet);
    expect(await heldIds(fixture)).toEqual(['0orphan']);
    await storage.clock.confirm();
    expect(await storage.recovery.quarantine.purgeExpired()).toBe(1);
  });

  test('keeps what is named though its reference is lost, and says so', async () => {
    const scene = await sceneToSettle();
    const { fixture, kept } = scene;
    const report = await fixture.storage.recovery.recover();
    expect(report).toMatchObject({ deletions: 2, orphanBlobs: 2, purged: 1 });
    const [, , lost, held, heldAndLost] = kept.map(({ blobId }) => blobId);
    expect(concern(report, 'reference_restored')).toMatchObject({ count: 4 });
    expect(concern(report, 'reference_restored')?.ids).toContain(lost);
    expect(concern(report, 'returned')).toEqual({ kind: 'returned', count: 2, ids: [held, heldAndLost] });
    expect(report.concerns).toHaveLength(2);
    expect(await heldIds(fixture)).toEqual(['0orphan', '1orphan', '3held']);
    await readAll(scene);
    expect(await fixture.storage.recovery.recover()).toEqual(quiet);
  });

  test('does not give a reference to what is being removed, or to a part of no file', async () => {
    const fixture = await createFixture({ options });
    const large = await largeFile(fixture, 'large', [sampleBytes(500), sampleBytes(500)]);
    const blobId = await partBlob(fixture, large.fileId, 1);
    await loseReference(fixture, blobId);
    await loseRow(fixture, 'fileIds', keys.fileIds(large.fileId));
    const report = await fixture.storage.recovery.recover();
    expect(report.concerns).toEqual([{ kind: 'reference_missing', count: 1, ids: [blobId] }]);
    expect(await fixture.blobs.size(blobId)).toBe(500);
  });

  test('moves nothing where there are more orphans than can have been on their way, and serves', async () => {
    const fixture = await createFixture({ options });
    const { storage, blobs, clock } = fixture;
    const versions = [];
    for (let n = 0; n < 17; n++) versions.push(await uploadTo(fixture, `file ${n}`, sampleBytes(500, n)));
    const earlier = await uploadTo(fixture, 'earlier', sampleBytes(500, 99));
    await blobs.write('0held', streamOf(sampleBytes(5)));
    await blobs.quarantine('0held', clock.now() - days(30));
    // The metadata of before these uploads.
    for (const version of versions) {
      await loseReference(fixture, blobOf(version));
      const { bucketId, name, uploadTimestamp, fileId } = version;
      await loseRow(fixture, 'fileVersions', keys.fileVersions(bucketId, name, uploadTimestamp, fileId));
      await loseRow(fixture, 'fileIds', keys.fileIds(fileId));
    }
    for (let start = 1; start <= 20; start++) {
      const report = await storage.recovery.recover();
      expect(report).toMatchObject({ orphanBlobs: 0, purged: 0 });
      expect(report.concerns).toEqual([{ kind: 'metadata_older', count: 17, ids: versions.map(blobOf).sort() }]);
    }
    expect(await storage.recovery.quarantine.purgeExpired()).toBe(0);
    expect(await storage.recovery.quarantine.survey()).toMatchObject({ orphans: { count: 17 }, bound: 0 });
    expect(await heldIds(fixture)).toEqual(['0held']);
    await readAll({ fixture, kept: [earlier, await uploadTo(fixture, 'later', sampleBytes(500))] });
  });

  test('does not carry out a delete of what is in use', async () => {
    const fixture = await createFixture({ options });
    const file = await uploadTo(fixture, 'file', sampleBytes(500));
    const lost = await uploadTo(fixture, 'lost', sampleBytes(500));
    const large = await largeFile(fixture, 'large', [sampleBytes(500), sampleBytes(500)]);
    const [fileBlob, lostBlob] = [blobOf(file), blobOf(lost)];
    const partId = await partBlob(fixture, large.fileId, 2);
    await loseReference(fixture, lostBlob);
    await fixture.metadata.commit({
      expectations: [],
      writes: [
        ...[fileBlob, lostBlob, partId].map(
          (blobId) =>
            ({
              table: 'pendingDeletions',
              key: keys.pendingDeletions(blobId),
              put: { kind: 'blob', blobId },
            }) as const,
        ),
        {
          table: 'pendingDeletions',
          key: keys.pendingDeletions(large.fileId),
          put: { kind: 'parts', fileId: large.fileId },
        },
      ],
    });
    const report = await fixture.storage.recovery.recover();
    expect(report.deletions).toBe(0);
    const refused = [...(concern(report, 'deletion_refused')?.ids ?? [])].sort();
    expect(refused).toEqual([fileBlob, lostBlob, partId, large.fileId].sort());
    await readAll({ fixture, kept: [file, lost, large] });
  });

  test('finishes the delete of a blob whose reference is lost, once nothing names it', async () => {
    const fixture = await createFixture({ options });
    const file = await uploadTo(fixture, 'file', sampleBytes(500));
    const remove = fixture.blobs.delete.bind(fixture.blobs);
    fixture.blobs.delete = () => Promise.reject(new Error('the process died'));
    await fixture.storage.files.deleteVersion(deletionOf(file));
    fixture.blobs.delete = remove;
    await loseReference(fixture, blobOf(file));
    expect(await fixture.storage.recovery.recover()).toEqual({ ...quiet, deletions: 1 });
    expect(await fixture.blobs.list({ limit: 10 })).toEqual([]);
  });
});

describe('the quarantine', () => {
  test('gives back what the operator wants, and removes only what nothing names', async () => {
    const fixture = await createFixture({ options });
    const { quarantine } = fixture.storage.recovery;
    const file = await uploadTo(fixture, 'file', sampleBytes(500));
    const lost = await uploadTo(fixture, 'lost', sampleBytes(500));
    for (const blobId of ['0orphan', '1orphan']) await fixture.blobs.write(blobId, streamOf(sampleBytes(5)));
    for (const blobId of ['0orphan', '1orphan', blobOf(file), blobOf(lost)])
      await fixture.blobs.quarantine(blobId, fixture.clock.now());
    await loseReference(fixture, blobOf(lost));
    expect(await quarantine.purge(['0orphan', blobOf(file), blobOf(lost)])).toEqual({
      purged: ['0orphan'],
      named: [blobOf(file), blobOf(lost)],
    });
    expect(await quarantine.restore('1orphan')).toBe('restored');
    expect(await quarantine.restore('1orphan')).toBe('not_in_quarantine');
    expect(await fixture.blobs.size('1orphan')).toBe(5);
    for (const version of [file, lost]) expect(await quarantine.restore(blobOf(version))).toBe('restored');
    await readAll({ fixture, kept: [file, lost] });
  });
});

describe('the bound of blobs on their way', () => {
  const bounds = async ({ metadata }: Pick<Awaited<ReturnType<typeof createFixture>>, 'metadata'>) =>
    (await metadata.scan('blobWriteBounds', { start: new Uint8Array(0), end: undefined, limit: 10 })).map(
      ({ value }) => value.bound,
    );

  test('is recorded before it is reached, in steps, and not by small files', async () => {
    const fixture = await createFixture({ options });
    const { storage, blobs, bucket } = fixture;
    await uploadTo(fixture, 'small', sampleBytes(50));
    expect(await bounds(fixture)).toEqual([]);
    const seen: number[] = [];
    const write = blobs.write.bind(blobs);
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    let waiting = 0;
    blobs.write = async (...args) => {
      waiting++;
      seen.push((await bounds(fixture))[0] ?? 0);
      expect(waiting).toBeLessThanOrEqual(seen.at(-1) ?? 0);
      await gate;
      return write(...args);
    };
    const uploads = Array.from({ length: 33 }, (_, n) =>
      storage.files.upload(newFile(bucket.bucketId, `file ${n}`), bodyOf(sampleBytes(60))),
    );
    await expect.poll(() => waiting).toBe(33);
    release();
    await Promise.all(uploads);
    expect(await bounds(fixture)).toEqual([64]);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(16);
  });

  test('costs no commit when many are stored one after the other', async () => {
    const fixture = await createFixture({ options });
    await uploadTo(fixture, 'first', sampleBytes(60));
    let commits = 0;
    const commit = fixture.metadata.commit.bind(fixture.metadata);
    fixture.metadata.commit = (writes) => {
      commits++;
      return commit(writes);
    };
    for (let n = 0; n < 40; n++) await uploadTo(fixture, `file ${n}`, sampleBytes(60));
    expect(commits).toBe(40);
  });

  test('counts what could not be taken back, and is withdrawn only where nothing is on its way', async () => {
    const fixture = await createFixture({ options });
    const { storage, blobs } = fixture;
    await uploadTo(fixture, 'first', sampleBytes(60));
    await storage.recovery.retire();
    expect(await bounds(fixture)).toEqual([]);
    const write = blobs.write.bind(blobs);
    const broken = async () => {
      await write('0left', streamOf(sampleBytes(5)));
      throw new StoreError('io', 'the disk failed');
    };
    blobs.write = broken;
    await expect(uploadTo(fixture, 'broken', sampleBytes(60))).rejects.toThrow();
    blobs.write = write;
    await storage.recovery.retire();
    expect(await storage.recovery.recover()).toMatchObject({ concerns: [] });
  });
});

const faults: readonly (readonly [string, Fault])[] = [
  ['failing without effect', { kind: 'before', code: 'io' }],
  ['failing for want of space', { kind: 'before', code: 'full' }],
  ['done and its acknowledgement lost', { kind: 'after', code: 'io' }],
];

/** A recovery by another process, whose calls of the stores go as planned. */
function recoverWith({ fixture }: RecoveryScene, plan: CountingPlan): Promise<unknown> {
  const { metadata, blobs, keys: keyProvider, clock, metadataSize } = fixture;
  const stores = { metadata: faultyMetadataStore(metadata, plan), blobs: faultyBlobStore(blobs, plan) };
  const random = { bytes: (length: number) => new Uint8Array(length).fill(9) };
  return createStorage({ ...stores, keys: keyProvider, clock, random, metadataSize }, options).recovery.recover();
}

test.each(faults)(
  'a recovery interrupted at each store call, %s, and begun anew ends as one that was not',
  async (_, fault) => {
    const undisturbed = await sceneToSettle();
    await undisturbed.fixture.storage.recovery.recover();
    const [counts, held] = [await census(undisturbed.fixture), await heldIds(undisturbed.fixture)];
    const calls = await failEachCall(
      async (plan) => {
        const scene = await sceneToSettle();
        await recoverWith(scene, plan).catch(() => undefined);
        const named = new Set(scene.kept.map(({ blobId }) => blobId));
        const present = new Set([
          ...(await scene.fixture.blobs.list({ limit: 100 })),
          ...(await heldIds(scene.fixture)),
        ]);
        for (const blobId of named) expect(blobId === null || present.has(blobId)).toBe(true);
        await scene.fixture.storage.recovery.recover();
        expect(await census(scene.fixture)).toEqual(counts);
        expect(await heldIds(scene.fixture)).toEqual(held);
        await readAll(scene);
        expect(await scene.fixture.storage.recovery.recover()).toEqual(quiet);
      },
      { fault },
    );
    expect(calls).toBeGreaterThan(30);
  },
);
