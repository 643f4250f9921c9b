// Runs what failed in a vitest run once more, alone: node again.mjs REPORT VARIABLE COMMAND [ARGUMENT …] COMMAND runs
// vitest with the arguments that follow it, and writes vitest's JSON report where the environment variable VARIABLE
// says. A test that passes this time is counted as passed and named in the report's `flaky`: a defect, but not one of
// this change. Exits with 0 if nothing is left that failed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/** With more than this many failed files something is broken, which a second run does not mend. */
const mostFiles = 5;

const [file, variable, ...command] = process.argv.slice(2);
if (!existsSync(file)) {
  console.error(`again: there is no report ${file}`);
  process.exit(1);
}
const report = JSON.parse(readFileSync(file, 'utf8'));
const failed = report.testResults.filter(({ status }) => status === 'failed');
// Errors outside tests fail a run, too, and nobody knows which test to run again.
if (failed.length === 0 || failed.length > mostFiles) process.exit(1);

const work = mkdtempSync(join(tmpdir(), 'coffer-again-'));
const flaky = [];
for (const one of failed) runAgain(one);
rmSync(work, { recursive: true });

report.flaky = [...(report.flaky ?? []), ...flaky];
const left = report.testResults.filter(({ status }) => status === 'failed');
report.success = left.length === 0;
writeFileSync(file, JSON.stringify(report));
for (const name of flaky) console.log(`flaky: ${name}`);
process.exit(left.length === 0 ? 0 : 1);

/** A file that could not even be loaded is run whole, another with its failed tests only. */
function runAgain(one) {
  const broken = one.assertionResults.filter(({ status }) => status === 'failed');
  const only = broken.length === 0 ? [] : ['-t', broken.map(({ fullName }) => escaped(fullName)).join('|')];
  const path = relative(process.cwd(), one.name);
  const output = join(work, 'report.json');
  console.log(`again: ${path}`);
  const env = { ...process.env, [variable]: output };
  const [program, ...rest] = command;
  const { status } = spawnSync(program, [...rest, one.name, ...only], { env, stdio: 'inherit' });
  if (status !== 0 || !existsSync(output)) return;
  const results = JSON.parse(readFileSync(output, 'utf8'))
    .testResults.flatMap(({ assertionResults }) => assertionResults)
    .filter((result) => result.status === 'passed');
  rmSync(output);
  // None passed: the names did not match, so nothing was run.
  if (results.length < Math.max(1, broken.length)) return;
  if (broken.length === 0) {
    one.assertionResults = results;
    report.numPassedTests += results.length;
  }
  for (const test of broken) test.status = 'passed';
  report.numFailedTests -= broken.length;
  report.numPassedTests += broken.length;
  one.status = 'passed';
  flaky.push(...(broken.length === 0 ? [path] : broken.map(({ fullName }) => `${path} > ${fullName}`)));
}

function escaped(text) {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
