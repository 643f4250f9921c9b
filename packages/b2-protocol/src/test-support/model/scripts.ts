import { fc } from '@fast-check/vitest';
import { callerNames, type CallerName } from './caller.ts';
import type { AskedLock, AskedRetention } from './lock-model.ts';
import type { LifecycleRule, Mode } from './model.ts';
import { printScript, type Step } from './step.ts';

// Mostly the same few, so that operations meet.
const index = fc.oneof({ weight: 3, arbitrary: fc.nat(2) }, fc.nat(20));
const mode = fc.constantFrom<Mode>('none', 'SSE-B2', 'SSE-C 1', 'SSE-C 2');
// Below, at and above the threshold for inline blobs, and around a chunk.
const size = fc.constantFrom(0, 1, 40, 41, 300, 16_383, 16_384, 16_385);
const bucket = fc.constantFrom(0, 0, 0, 0, 1, 2);
const by = fc.constantFrom<CallerName>('owner', 'owner', 'owner', ...callerNames);
const bypass = fc.boolean();
const lockMode = fc.constantFrom('governance' as const, 'compliance' as const);
const days = fc.constantFrom(1, 2, 3, 5);
// Also a clock that was set back.
const hours = fc.constantFrom(-1, 1, 23, 24, 24, 48, 120);
const hold = fc.constantFrom('on' as const, 'off' as const);

const retentionOf = (each: fc.Arbitrary<number>): fc.Arbitrary<AskedRetention | null> =>
  fc.option(fc.record({ mode: lockMode, days: each }));
const retention = retentionOf(fc.oneof({ weight: 6, arbitrary: days }, fc.constant(0)));
const noLock: AskedLock = { retention: null, hold: null };
const lock: fc.Arbitrary<AskedLock> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(noLock) },
  fc.record({ retention, hold: fc.option(hold) }),
);

const ruleFor = (fileNamePrefix: string): fc.Arbitrary<LifecycleRule> =>
  fc.tuple(fc.option(days), fc.option(days), fc.option(days)).map(([hiding, deleting, canceling]) => ({
    fileNamePrefix,
    daysFromUploadingToHiding: hiding,
    daysFromHidingToDeleting: deleting,
    daysFromStartingToCancelingUnfinishedLargeFiles: canceling,
  }));

/** Also such that are refused: a prefix of another's, and no effect. */
const rules: fc.Arbitrary<readonly LifecycleRule[]> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(ruleFor('')) },
  { weight: 2, arbitrary: fc.tuple(ruleFor('a/'), ruleFor('b')) },
  fc.tuple(ruleFor('a'), ruleFor('a/c')),
  fc.constant([]),
);

const wishes = { mode, lock, by };
const is = <const Name extends string>(name: Name) => ({ do: fc.constant(name) });

const newBucket = { bucket, encrypts: fc.boolean(), locks: fc.boolean(), tells: fc.boolean() };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ ...is('create bucket'), ...newBucket }) },
  { weight: 1, arbitrary: fc.record({ ...is('set default'), bucket, encrypts: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ ...is('delete bucket'), bucket }) },
  { weight: 1, arbitrary: fc.record({ ...is('enable lock'), bucket, by }) },
  { weight: 2, arbitrary: fc.record({ ...is('set retention'), bucket, retention: retentionOf(days), by }) },
  { weight: 3, arbitrary: fc.record({ ...is('set rules'), bucket, rules }) },
  { weight: 7, arbitrary: fc.record({ ...is('upload'), bucket, name: index, size, ...wishes }) },
  { weight: 3, arbitrary: fc.record({ ...is('hide'), bucket, name: index }) },
  { weight: 3, arbitrary: fc.record({ ...is('delete version'), bucket, version: index, bypass, by }) },
  { weight: 3, arbitrary: fc.record({ ...is('retain'), bucket, version: index, retention, bypass, by }) },
  { weight: 2, arbitrary: fc.record({ ...is('hold'), bucket, version: index, hold, by }) },
  { weight: 4, arbitrary: fc.record({ ...is('start'), bucket, name: index, filled: fc.boolean(), ...wishes }) },
  {
    weight: 4,
    arbitrary: fc.record({ ...is('part'), bucket, file: index, part: fc.integer({ min: 1, max: 3 }), size }),
  },
  { weight: 4, arbitrary: fc.record({ ...is('finish'), bucket, file: index }) },
  { weight: 1, arbitrary: fc.record({ ...is('cancel'), bucket, file: index }) },
  {
    weight: 3,
    arbitrary: fc.record({
      ...is('copy'),
      bucket,
      version: index,
      to: index,
      name: index,
      range: fc.boolean(),
      ...wishes,
    }),
  },
  { weight: 1, arbitrary: fc.record({ ...is('create key'), name: index }) },
  { weight: 1, arbitrary: fc.record({ ...is('delete key'), key: index }) },
  { weight: 4, arbitrary: fc.record({ ...is('wait'), hours }) },
  { weight: 3, arbitrary: fc.record({ ...is('run lifecycle') }) },
);

/** Small files of two names in one bucket, that grow old. */
const at = { bucket: fc.constant(0) };
const name = fc.nat(1);
const pick = fc.nat(5);
const plain = { lock, by, mode: fc.constant<Mode>('none') };
const agingStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ ...is('upload'), ...at, name, size: fc.constantFrom(1, 41), ...plain }) },
  { weight: 2, arbitrary: fc.record({ ...is('hide'), ...at, name }) },
  { weight: 2, arbitrary: fc.record({ ...is('start'), ...at, name, filled: fc.constant(true), ...plain }) },
  { weight: 1, arbitrary: fc.record({ ...is('finish'), ...at, file: pick }) },
  { weight: 1, arbitrary: fc.record({ ...is('delete version'), ...at, version: pick, bypass, by }) },
  { weight: 2, arbitrary: fc.record({ ...is('retain'), ...at, version: pick, retention, bypass, by }) },
  { weight: 1, arbitrary: fc.record({ ...is('hold'), ...at, version: pick, hold, by }) },
  { weight: 1, arbitrary: fc.record({ ...is('set rules'), ...at, rules }) },
  { weight: 4, arbitrary: fc.record({ ...is('wait'), hours }) },
  { weight: 3, arbitrary: fc.record({ ...is('run lifecycle') }) },
);

const first = { ...is('create bucket'), ...newBucket, ...at, encrypts: fc.constant(false) };

/** Starts with a bucket, so that short scripts do something. A script prints itself. */
export const scripts: fc.Arbitrary<readonly Step[]> = fc.oneof(
  fc
    .tuple(fc.record(first), fc.array(step, { maxLength: 40, size: 'max' }))
    .map(([bucketStep, steps]) => printable([bucketStep, ...steps])),
  fc
    .tuple(
      fc.record({ ...first, locks: fc.constant(true) }),
      fc.record({ ...is('set rules'), ...at, rules }),
      fc.array(agingStep, { maxLength: 40, size: 'max' }),
    )
    .map(([bucketStep, rulesStep, steps]) => printable([bucketStep, rulesStep, ...steps])),
);

function printable(script: readonly Step[]): readonly Step[] {
  return Object.defineProperty(script, fc.toStringMethod, { value: () => printScript(script) });
}
