import { expect, it } from 'vitest';
import { printHtml } from './html/page.ts';
import { printJunit } from './junit.ts';
import { countOutcomes, isConformant, reportJsonSchema, reportSchema, type CaseResult, type Report } from './report.ts';
import { printSummary } from './summary.ts';

const result = (id: string, outcome: CaseResult['outcome'], ...problems: string[]): CaseResult => ({
  ...{ id, title: `title of ${id}`, requirement: 'Something.', source: { kind: 'rfc', name: 'none' } },
  ...{ outcome, problems, missing: [], exchanges: [], milliseconds: 1500 },
});
const results = [
  result('s3/a/one', 'pass'),
  result('s3/a/two', 'fail', 'status is 200, expected <403>'),
  result('s3/a/three', 'skipped', 'the target does not declare sse-c'),
  result('s3/a/four', 'deviation', 'known: later'),
  result('s3/a/five', 'error', 'nobody answers'),
];
const report: Report = {
  ...{ format: 1, suiteVersion: '1.2.3', target: 'my server', profile: 's3', started: '2026-01-02T03:04:05.000Z' },
  milliseconds: 7500,
  ...{
    counts: countOutcomes(results),
    results,
    passedDeviations: ['s3/a/one'],
    notRun: 2,
    leftBehind: ['bucket x: refused'],
    made: [{ kind: 'bucket', name: 'conformance-01234567-0' }],
  },
};

it('is as its schema says', () => {
  expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  expect(reportJsonSchema()).toHaveProperty('properties.results.items.properties.outcome.enum');
});

it('is conformant if nothing failed that is not known', () => {
  const known = results.filter(({ outcome }) => outcome !== 'fail' && outcome !== 'error');
  const good: Report = { ...report, results: known, counts: countOutcomes(known), notRun: 0, leftBehind: [] };
  expect(isConformant(good)).toBe(true);
  expect(isConformant({ ...good, results, counts: countOutcomes(results) })).toBe(false);
  expect(isConformant({ ...good, results: [], counts: countOutcomes([]) })).toBe(false);
  expect(isConformant({ ...good, notRun: 1 })).toBe(false);
  expect(isConformant({ ...good, leftBehind: ['bucket x: refused'] })).toBe(false);
});

it('is not conformant if every case was skipped, and says so', () => {
  const skipped = results.filter(({ outcome }) => outcome === 'skipped');
  const clean: Report = { ...report, notRun: 0, leftBehind: [], passedDeviations: [] };
  const nothing: Report = { ...clean, results: skipped, counts: countOutcomes(skipped) };
  const known = results.filter(({ outcome }) => outcome === 'deviation' || outcome === 'skipped');
  expect(isConformant(nothing)).toBe(false);
  expect(isConformant({ ...clean, results: known, counts: countOutcomes(known) })).toBe(true);
  expect(printSummary(nothing)).toContain('nothing was tested: every case was skipped\n');
  expect(printHtml(nothing)).toContain('✗ Not conformant</strong>: nothing was tested: every case was skipped</p>');
  expect(printJunit(nothing)).toContain('<error message="nothing was tested: every case was skipped">');
});

it('is printed for terminals', () => {
  expect(printSummary(report)).toBe(`FAIL s3/a/two: title of s3/a/two
  status is 200, expected <403>
DEVIATION s3/a/four: title of s3/a/four
  known: later
ERROR s3/a/five: title of s3/a/five
  nobody answers
passes, though declared as a deviation: s3/a/one
interrupted: 2 cases did not run
left behind: bucket x: refused
my server, s3: 1 pass, 1 fail, 1 skipped, 1 deviation, 1 error (7.5 s)
`);
});

it('is printed as JUnit XML', () => {
  const xml = printJunit(report);
  expect(xml).toContain('tests="6" failures="1" errors="2" skipped="2"');
  expect(xml).toContain('<testcase classname="s3.a" name="s3/a/one" time="1.500"></testcase>');
  expect(xml).toContain('<failure message="status is 200, expected &lt;403&gt;"></failure>');
  expect(xml).toContain('<testcase classname="run" name="run/run"');
  expect(xml).toMatch(/<error message="interrupted: 2 cases did not run.*left behind: bucket x: refused"><\/error>/);
  const clean = printJunit({ ...report, notRun: 0, leftBehind: [] });
  expect(clean).toContain('tests="5" failures="1" errors="1" skipped="2"');
  expect(clean).not.toContain('run/run');
});
