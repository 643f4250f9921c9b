import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { CrashRun } from './crash-run.ts';
import { readOptions } from './options.ts';

const { rounds, json, ...options } = readOptions(process.argv.slice(2));
const { seed, workers } = options;
const folder = mkdtempSync(join(tmpdir(), 'coffer-crash-'));
const run = new CrashRun(folder, options);
const began = performance.now();

console.log(`crash: ${rounds} rounds, ${workers} workers, seed ${seed}`);
await run.begin();
while (run.report.rounds < rounds && run.holds) {
  await run.round();
  if (run.report.rounds % 50 === 0) console.log(`${run.report.rounds} rounds: ${run.progress}`);
}
await run.end();
run.report.print(run.ledger);
if (json !== undefined) run.report.write(json, run.ledger);
const seconds = Math.round((performance.now() - began) / 1000);
console.log(`crash: ${run.report.rounds} rounds, ${run.progress}, ${seconds} s, seed ${seed}`);
if (run.holds) rmSync(folder, { recursive: true, force: true });
else {
  console.error(`kept: ${folder}`);
  process.exitCode = 1;
}
