// Adds up the runners' own reports (vitest's JSON, the package check's) and prints the one closing line of CI.
import { existsSync, readFileSync } from 'node:fs';

const totals = { passed: 0, failed: 0, skipped: 0 };
const missing = [];

for (const file of process.argv.slice(2)) {
  if (!existsSync(file)) {
    missing.push(file);
    continue;
  }
  const report = JSON.parse(readFileSync(file, 'utf8'));
  totals.passed += report.numPassedTests ?? report.passed;
  totals.failed += report.numFailedTests ?? report.failed;
  totals.skipped += report.numPendingTests ?? report.skipped ?? 0;
  // A file that could not be loaded has no tests to count, but it failed.
  totals.failed += (report.testResults ?? []).filter(
    (one) => one.status === 'failed' && one.assertionResults.length === 0,
  ).length;
}

for (const file of missing) console.error(`no report: ${file}`);
totals.failed += missing.length;
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
if (totals.failed > 0 || totals.passed === 0) process.exit(1);
