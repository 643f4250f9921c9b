import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { makeRunFolder } from './collect/run-folder.ts';
import { runCollected } from './collected-run.ts';
import { readOptions } from './options.ts';
import { problemsOf, summaryOf, writeReport } from './report.ts';
import { searchRun } from './search/search-run.ts';

const { interop, json, filters } = readOptions(process.argv.slice(2));
const folder = makeRunFolder(mkdtempSync(join(tmpdir(), 'coffer-leaks-')));
const began = performance.now();

const tests = ['node_modules/.bin/vitest', 'run', '--config', 'tooling/leaks/vitest.leaks.config.ts', ...filters];
const runs = [await runCollected(folder, tests)];
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
if (json !== undefined) writeReport(json, report, problems);
rmSync(folder.root, { recursive: true, force: true });
if (problems.length > 0) process.exitCode = 1;
