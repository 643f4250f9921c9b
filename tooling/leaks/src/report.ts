import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Finding, SearchReport } from './search/search-run.ts';

/**
 * The problems of a run: leaks that were found, and signs that too little was searched for the result to mean anything.
 */
export function problemsOf(report: SearchReport, kinds: readonly string[]): readonly string[] {
  const missing = kinds.filter((kind) => (report.outputs[kind] ?? 0) === 0);
  return [
    ...(report.secrets - report.unsearchable > 0 ? [] : ['No secret was registered']),
    ...missing.map((kind) => `Nothing was searched of the kind: ${kind}`),
    ...gathered(report.findings),
  ];
}

/** A line of the report, as people read it. */
export function summaryOf(report: SearchReport): string {
  const kinds = Object.entries(report.outputs).map(([kind, count]) => `${count} × ${kind}`);
  const megabytes = (report.bytes / 1e6).toFixed(1);
  return (
    `${report.secrets} secrets (${report.unsearchable} too plain to search for) in ${report.forms} forms; ` +
    `${megabytes} MB searched: ${kinds.join(', ')}; ${report.excepted} places where a secret belongs; ` +
    `${report.findings.length} leaks`
  );
}

/** The tests of a vitest report that passed only when they were run once more (`tooling/checks/again.mjs`). */
export function flakyTests(testReport: string): readonly string[] {
  if (!existsSync(testReport)) return [];
  const { flaky = [] } = JSON.parse(readFileSync(testReport, 'utf8')) as { readonly flaky?: readonly string[] };
  return flaky;
}

/** Counted as tests are. */
export function writeReport(
  path: string,
  report: SearchReport,
  problems: readonly string[],
  flaky: readonly string[],
): void {
  const failed = problems.length;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    `${JSON.stringify({ passed: failed === 0 ? 1 : 0, failed, ...report, problems, flaky }, null, 2)}\n`,
  );
}

/** The same secret in the same form and kind of output is one problem, with its first place. */
function gathered(findings: readonly Finding[]): readonly string[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = [finding.secret, finding.form, finding.output.replaceAll(/\d+-\d+-/g, '')].join('|');
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()].map((group) => {
    const [first] = group;
    return first === undefined
      ? ''
      : `${first.form} of the secret from ${first.secret} is in: ${first.output}, offset ${first.offset}` +
          (group.length > 1 ? ` (and ${group.length - 1} more)` : '');
  });
}
