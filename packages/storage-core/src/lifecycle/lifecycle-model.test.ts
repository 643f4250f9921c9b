import { fc } from '@fast-check/vitest';
import type { FileVersionRecord, LifecycleRule } from '@coffer/storage-ports';
import { expect, test } from 'vitest';
import {
  bodyOf,
  createFixture,
  newFile,
  sampleBytes,
  sha1Of,
  uploadTo,
  type Fixture,
  deletionOf,
} from '../../test/fixture.ts';
import { allVersions, day, runAll } from '../../test/lifecycle-fixture.ts';
import { naiveLifecycle } from '../../test/naive-lifecycle.ts';

/** Something that happens to a bucket. Numbers choose among what there is. */
type Step =
  | { readonly do: 'upload' | 'hide' | 'hide always' | 'start'; readonly name: string }
  | { readonly do: 'lock'; readonly pick: number; readonly days: number }
  | { readonly do: 'delete' | 'finish'; readonly pick: number }
  | { readonly do: 'wait'; readonly hours: number };

// Mostly the same name, so that histories have some length.
const name = fc.constantFrom('a/1', 'a/1', 'a/1', 'a/2', 'b/1');
const pick = fc.nat({ max: 20 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom(...(['upload', 'upload', 'hide', 'hide always', 'start'] as const)), name }),
  fc.record({ do: fc.constant('lock' as const), pick, days: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ do: fc.constantFrom('delete' as const, 'finish' as const), pick }),
  fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 60 }) }),
);
const days = fc.option(fc.integer({ min: 1, max: 4 }));
const ruleFor = (fileNamePrefix: string): fc.Arbitrary<LifecycleRule> =>
  fc
    .tuple(days, days, days)
    .map(([daysFromUploadingToHiding, daysFromHidingToDeleting, daysFromStartingToCancelingUnfinishedLargeFiles]) => ({
      fileNamePrefix,
      daysFromUploadingToHiding,
      daysFromHidingToDeleting,
      daysFromStartingToCancelingUnfinishedLargeFiles,
    }));
const rules = fc.oneof(fc.tuple(ruleFor('')), fc.tuple(ruleFor('a/'), ruleFor('b/')), fc.tuple(ruleFor('a/1')));

/** Performs a step. Where the core refuses it, because it makes no sense now, nothing happens. */
async function perform({ storage, bucket, clock }: Fixture, step: Step): Promise<void> {
  const { bucketId } = bucket;
  if (step.do === 'wait') {
    clock.advance(step.hours * 3_600_000);
    return;
  }
  if (step.do === 'upload') await uploadTo({ storage, bucket }, step.name, sampleBytes(3));
  if (step.do === 'start') await storage.largeFiles.start(newFile(bucketId, step.name));
  if (step.do === 'hide') await storage.files.hide(bucketId, step.name).catch(() => undefined);
  if (step.do === 'hide always') await storage.files.hide(bucketId, step.name, { evenIfAbsent: true });
  if (!('pick' in step)) return;
  const versions = await allVersions(storage, bucketId);
  const wanted = step.do === 'finish' ? versions.filter(({ action }) => action === 'start') : versions;
  const version = wanted[step.pick % Math.max(wanted.length, 1)];
  if (version === undefined) return;
  if (step.do === 'finish') await finish({ storage }, version);
  if (step.do === 'delete') await storage.files.deleteVersion(deletionOf(version)).catch(() => undefined);
  if (step.do !== 'lock') return;
  const retention = { mode: 'governance', retainUntil: clock.now() + step.days * day } as const;
  await storage.locks.updateRetention(version, retention, { bypassGovernance: true }).catch(() => undefined);
}

async function finish({ storage }: Pick<Fixture, 'storage'>, { fileId }: FileVersionRecord): Promise<void> {
  const parts = [sampleBytes(100), sampleBytes(1)];
  for (const [index, data] of parts.entries())
    await storage.largeFiles.uploadPart({ fileId, partNumber: index + 1 }, bodyOf(data));
  await storage.largeFiles.finish(fileId, parts.map(sha1Of));
}

test('of any history, the rules leave what they leave when they are read literally', { timeout: 600_000 }, async () => {
  const runs = Number(process.env['COFFER_MODEL_RUNS'] ?? 200);
  await fc.assert(
    fc.asyncProperty(rules, fc.array(step, { maxLength: 30, size: 'max' }), async (lifecycleRules, steps) => {
      const fixture = await createFixture({ bucket: { fileLockEnabled: true, lifecycleRules } });
      const { storage, bucket, clock } = fixture;
      for (const one of steps) await perform(fixture, one);
      const before = await allVersions(storage, bucket.bucketId);
      const expected = naiveLifecycle(before, lifecycleRules, clock.now());
      const planned = await runAll(storage, { dryRun: true });
      const done = await runAll(storage);
      expect(done).toEqual(planned.map(({ action }) => ({ action, result: 'done' })));
      const known = new Set(before.map(({ fileId }) => fileId));
      const after = await allVersions(storage, bucket.bucketId);
      expect(after.map(({ fileId }) => fileId).filter((fileId) => known.has(fileId))).toEqual(expected.left);
      const added = after.filter(({ fileId }) => !known.has(fileId));
      expect(added.map((version) => [version.action, version.name])).toEqual(
        expected.hidden.map((hidden) => ['hide', hidden]),
      );
    }),
    { numRuns: runs },
  );
});
