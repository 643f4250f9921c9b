import type { Report } from '@coffer/conformance';

/** Results of one report, by the subject of their cases. */
type Results = Report['results'];

/**
 * A table in Markdown: subjects by targets, in each place how many of the cases that ran have passed. A dash: none ran,
 * since the target does not declare what they need.
 */
export function printMatrix(reports: readonly Pick<Report, 'target' | 'results'>[]): string {
  const subjects = [...new Set(reports.flatMap(({ results }) => results.map(({ id }) => subjectOf(id))))];
  const rows = subjects.map((subject) => [
    subject,
    ...reports.map(({ results }) => cell(results.filter(({ id }) => subjectOf(id) === subject))),
  ]);
  const all = ['all', ...reports.map(({ results }) => cell(results))];
  const lines = [['', ...reports.map(({ target }) => target)], ['-', ...reports.map(() => '-')], ...rows, all];
  return lines.map((line) => `| ${line.join(' | ')} |\n`).join('');
}

function subjectOf(id: string): string {
  return id.split('/').slice(0, 2).join('/');
}

function cell(results: Results): string {
  const ran = results.filter(({ outcome }) => outcome !== 'skipped');
  if (ran.length === 0) return '–';
  return `${ran.filter(({ outcome }) => outcome === 'pass').length}/${ran.length}`;
}
