// Adds up the runners' own reports (vitest's JSON, the package check's) and prints the one closing line of CI. What
// failed is named once more before it, since the runners' own words are thousands of lines above by then.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** The first lines of a message say what was expected; the rest is the stack. */
const linesShown = 12;

const totals = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const flaky = [];

for (const file of process.argv.slice(2)) {
  if (!existsSync(file)) {
    totals.failed++;
    failures.push(`no report: ${file}`);
    continue;
  }
  const report = JSON.parse(readFileSync(file, 'utf8'));
  totals.passed += report.numPassedTests ?? report.passed;
  totals.failed += report.numFailedTests ?? report.failed;
  totals.skipped += report.numPendingTests ?? report.skipped ?? 0;
  for (const problem of report.problems ?? []) failures.push(problem);
  flaky.push(...(report.flaky ?? []));
  for (const one of report.testResults ?? []) {
    const path = relative(process.cwd(), one.name);
    for (const { status, fullName, failureMessages } of one.assertionResults) {
      if (status === 'failed') failures.push(`${path} > ${fullName}\n${shortened(failureMessages.join('\n'))}`);
    }
    // A file that could not be loaded has no tests to count, but it failed.
    if (one.status === 'failed' && one.assertionResults.length === 0) {
      totals.failed++;
      failures.push(`${path}\n${shortened(one.message ?? '')}`);
    }
  }
}

function shortened(message) {
  const lines = message.split('\n').slice(0, linesShown);
  return lines.map((line) => `    ${line.slice(0, 300)}`).join('\n');
}

for (const name of flaky) console.log(`flaky: ${name}`);
for (const failure of failures) console.log(`failed: ${failure}`);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
if (totals.failed > 0 || totals.passed === 0) process.exit(1);
