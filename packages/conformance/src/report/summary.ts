import { outcomes, problemsOfRun, type CaseResult, type Report } from './report.ts';

/** The report for a terminal: what did not pass, then the counts. */
export function printSummary(report: Report): string {
  const { target, profile, results, counts, passedDeviations, milliseconds } = report;
  const shown = results.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'skipped');
  const parts = outcomes.filter((outcome) => counts[outcome] > 0).map((outcome) => `${counts[outcome]} ${outcome}`);
  return [
    ...shown.flatMap(linesOf),
    ...passedDeviations.map((id) => `passes, though declared as a deviation: ${id}`),
    ...problemsOfRun(report),
    `${target}, ${profile}: ${parts.join(', ') || 'no case'} (${(milliseconds / 1000).toFixed(1)} s)`,
    '',
  ].join('\n');
}

function linesOf({ id, title, outcome, problems }: CaseResult): readonly string[] {
  return [`${outcome.toUpperCase()} ${id}: ${title}`, ...problems.map((problem) => `  ${problem}`)];
}
