import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { makeRunFolder } from './collect/run-folder.ts';
import { runCollected } from './collected-run.ts';
import { readOptions } from './options.ts';
import { flakyTests, problemsOf, summaryOf, writeReport } from './report.ts';
import { searchRun } from './search/search-run.ts';

const { interop, json, filters } = readOptions(process.argv.slice(2));
const folder = makeRunFolder(mkdtempSync(join(tmpdir(), 'coffer-leaks-')));
const began = performance.now();

const tests = ['node_modules/.bin/vitest', 'run', '--config', 'tooling/leaks/vitest.leaks.config.ts'];
const testReport = join(folder.root, 'tests.json');
process.env['COFFER_TEST_REPORT'] = testReport;
const runs = [await runCollected(folder, [...tests, ...filters])];
if (runs[0]?.succeeded === false) {
  // As in CI: what failed is run once more, alone, and with its output searched like that of the first run.
  const again = ['node', 'tooling/checks/again.mjs', testReport, 'COFFER_TEST_REPORT', ...tests];
  const second = await runCollected(folder, again);
  runs.push({ ...second, succeeded: true });
  if (second.succeeded) runs[0] = { ...runs[0], succeeded: true };
}
if (interop) runs.push(await runCollected(folder, ['bash', 'tooling/interop/run']));

const said = runs.map(({ said: bytes }) => ({ label: 'console of a run', pieces: [{ bytes, offset: 0 }] }));
const searching = performance.now();
const report = await searchRun(folder, said);
const kinds = filters.length === 0 ? ['console', 'answer', 'log', 'event', 'records', 'blob', 'file', 'name'] : [];
const failedRuns = runs.filter(({ succeeded }) => !succeeded).map(() => 'The tests themselves failed');
const problems = [...problemsOf(report, kinds), ...failedRuns];

for (const problem of problems) console.error(`leaks: ${problem}`);
console.log(`leaks: ${summaryOf(report)}`);
const seconds = (from: number): string => ((performance.now() - from) / 1000).toFixed(0);
console.log(`leaks: ${seconds(began)} s, of which the search took ${seconds(searching)} s`);
if (json !== undefined) writeReport(json, report, problems, flakyTests(testReport));
rmSync(folder.root, { recursive: true, force: true });
if (problems.length > 0) process.exitCode = 1;
