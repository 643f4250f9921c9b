import { fc, test } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { compareReports, isWorse } from './compare.ts';
import { printComparison } from './print-comparison.ts';
import { countOutcomes, outcomes, type CaseResult, type Outcome, type Report } from './report.ts';

function reportOf(cases: Readonly<Record<string, Outcome>>, fields: Partial<Report> = {}): Report {
  const results = Object.entries(cases).map(([id, outcome]): CaseResult => ({
    ...{ id, title: `title of ${id}`, requirement: 'Something.', source: { kind: 'rfc', name: 'none' }, outcome },
    ...{ problems: outcome === 'pass' ? [] : [`why ${outcome}`], missing: [], exchanges: [], milliseconds: 1 },
  }));
  return {
    ...{ format: 1, suiteVersion: '1.0.0', target: 'a', profile: 's3', started: '2026-01-02T03:04:05Z' },
    ...{ milliseconds: 1, counts: countOutcomes(results), results, notRun: 0 },
    ...{ passedDeviations: [], leftBehind: [], made: [] },
    ...fields,
  };
}

it.each([
  ['pass', 'pass', 'same'],
  ['pass', 'fail', 'worse'],
  ['pass', 'error', 'worse'],
  ['pass', 'deviation', 'worse'],
  ['pass', 'skipped', 'worse'],
  ['skipped', 'fail', 'worse'],
  ['deviation', 'error', 'worse'],
  ['deviation', 'skipped', 'otherwise'],
  ['fail', 'error', 'otherwise'],
  ['fail', 'fail', 'same'],
  ['fail', 'deviation', 'better'],
  ['error', 'pass', 'better'],
  ['skipped', 'pass', 'better'],
] as const)('from %s to %s is %s', (before, after, kind) => {
  const comparison = compareReports(reportOf({ one: before }), reportOf({ one: after }));
  const { worse, better, otherwise, same } = comparison;
  expect({ worse: worse.length, better: better.length, otherwise: otherwise.length, same }).toEqual({
    ...{ worse: 0, better: 0, otherwise: 0, same: 0 },
    [kind]: 1,
  });
  expect(isWorse(comparison)).toBe(kind === 'worse');
});

it('is worse if a case that passed is gone, and not if one that is new fails', () => {
  const before = reportOf({ kept: 'pass', passed: 'pass', failed: 'fail' });
  expect(isWorse(compareReports(before, reportOf({ kept: 'pass', passed: 'pass', added: 'fail' })))).toBe(false);
  expect(isWorse(compareReports(before, reportOf({ kept: 'pass', failed: 'fail' })))).toBe(true);
});

const outcomeByCase = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.constantFrom(...outcomes));

test.prop([outcomeByCase, outcomeByCase])('counts every case once, and turns round with its reports', (one, other) => {
  const there = compareReports(reportOf(one), reportOf(other));
  const back = compareReports(reportOf(other), reportOf(one));
  const { worse, better, otherwise, added, gone, same } = there;
  const counted = [worse, better, otherwise, added, gone].reduce((sum, { length }) => sum + length, same);
  expect(counted).toBe(new Set([...Object.keys(one), ...Object.keys(other)]).size);
  const idsOf = (cases: readonly { readonly id: string }[]) => cases.map(({ id }) => id).sort();
  expect([idsOf(worse), idsOf(added), same]).toEqual([idsOf(back.better), idsOf(back.gone), back.same]);
});

it('is printed, with what the reports do not have in common', () => {
  const before = reportOf({ 's3/a': 'pass', 's3/b': 'fail', 's3/c': 'pass', 's3/d': 'fail', 's3/e': 'pass' });
  const after = reportOf(
    { 's3/a': 'fail', 's3/b': 'pass', 's3/d': 'error', 's3/e': 'pass', 's3/f': 'fail', 's3/g': 'skipped' },
    { target: 'b\u001b[2J', profile: 'b2-2026', suiteVersion: '1.1.0', notRun: 3 },
  );
  expect(printComparison(compareReports(before, after))).toBe(`note: the target is "b\\u001b[2J", and was "a"
note: the profile is "b2-2026", and was "s3"
note: the version of the suite is "1.1.0", and was "1.0.0"
note: the later run: interrupted: 3 cases did not run
WORSE s3/a (pass -> fail): title of s3/a
  why fail
GONE s3/c (was pass): title of s3/c
NEW s3/f (fail): title of s3/f
  why fail
NEW s3/g (skipped): title of s3/g
OTHERWISE s3/d (fail -> error): title of s3/d
  why error
BETTER s3/b (fail -> pass): title of s3/b
1 worse, 1 better, 1 otherwise, 2 new, 1 gone, 1 as before
`);
});
