import { fc } from '@fast-check/vitest';
import type { Mode } from '../customer-keys.ts';
import type { WireName } from '../wires/wire.ts';
import { printScript, type Step } from './step.ts';

// Mostly the same few, so that operations meet.
const index = fc.oneof({ weight: 3, arbitrary: fc.nat(2) }, fc.nat(20));
const mode = fc.constantFrom<Mode>('none', 'SSE-B2', 'SSE-C 1', 'SSE-C 2');
// Below, at and above the threshold for inline blobs, and around a chunk.
const size = fc.constantFrom(0, 1, 40, 41, 300, 16_383, 16_385);
const part = fc.integer({ min: 1, max: 3 });
const bypass = fc.boolean();
const hold = fc.constantFrom('on' as const, 'off' as const);
const lockMode = fc.constantFrom('governance' as const, 'compliance' as const);
// Also a clock that was set back.
const hours = fc.constantFrom(-1, 1, 24, 48);
const days = fc.option(fc.constantFrom(1, 2, 3));

/** Scripts of operations by these APIs. Each begins with a bucket, so that short ones do something. Prints itself. */
export function scriptsBy(...wires: readonly WireName[]): fc.Arbitrary<readonly Step[]> {
  const wire = fc.constantFrom(...wires);
  const bucket = fc.constantFrom(0, 0, 0, 1);
  const is = <const Name extends string>(name: Name) => ({ do: fc.constant(name), wire, bucket });
  const newBucket = { encrypts: fc.boolean(), locks: fc.boolean() };
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 2, arbitrary: fc.record({ ...is('create bucket'), ...newBucket }) },
    { weight: 1, arbitrary: fc.record({ ...is('set default'), encrypts: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record(is('delete bucket')) },
    { weight: 7, arbitrary: fc.record({ ...is('put'), name: index, size, mode }) },
    { weight: 4, arbitrary: fc.record({ ...is('hide'), name: index }) },
    { weight: 4, arbitrary: fc.record({ ...is('copy'), version: index, to: index, name: index, mode }) },
    { weight: 4, arbitrary: fc.record({ ...is('delete version'), version: index, bypass }) },
    { weight: 3, arbitrary: fc.record({ ...is('retain'), version: index, mode: lockMode, days, bypass }) },
    { weight: 2, arbitrary: fc.record({ ...is('hold'), version: index, hold }) },
    { weight: 4, arbitrary: fc.record({ ...is('start'), name: index, mode, filled: fc.boolean() }) },
    { weight: 4, arbitrary: fc.record({ ...is('part'), file: index, part, size }) },
    { weight: 2, arbitrary: fc.record({ ...is('copy part'), file: index, part, version: index }) },
    { weight: 4, arbitrary: fc.record({ ...is('finish'), file: index }) },
    { weight: 1, arbitrary: fc.record({ ...is('cancel'), file: index }) },
    { weight: 2, arbitrary: fc.record({ ...is('wait'), hours }) },
  );
  // Few versions of two names, which are locked and deleted again and again.
  const name = fc.nat(1);
  const version = fc.nat(2);
  const locking: fc.Arbitrary<Step> = fc.oneof(
    { weight: 3, arbitrary: fc.record({ ...is('put'), name, size: fc.constantFrom(1, 41), mode }) },
    { weight: 1, arbitrary: fc.record({ ...is('hide'), name }) },
    { weight: 4, arbitrary: fc.record({ ...is('delete version'), version, bypass }) },
    { weight: 4, arbitrary: fc.record({ ...is('retain'), version, mode: lockMode, days, bypass }) },
    { weight: 2, arbitrary: fc.record({ ...is('hold'), version, hold }) },
    { weight: 2, arbitrary: fc.record({ ...is('wait'), hours }) },
  );
  const first = { ...is('create bucket'), ...newBucket, bucket: fc.constant(0) };
  return fc.oneof(
    { weight: 2, arbitrary: scriptOf(fc.record(first), step, 30) },
    { weight: 1, arbitrary: scriptOf(fc.record({ ...first, locks: fc.constant(true) }), locking, 30) },
  );
}

function scriptOf(first: fc.Arbitrary<Step>, step: fc.Arbitrary<Step>, maxLength: number) {
  const steps = fc.array(step, { maxLength, size: 'max' });
  return fc.tuple(first, steps).map(([one, more]) => printable([one, ...more]));
}

function printable(script: readonly Step[]): readonly Step[] {
  return Object.defineProperty(script, fc.toStringMethod, { value: () => printScript(script) });
}
