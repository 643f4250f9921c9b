import { problemsOfRun, type CaseResult, type Outcome, type Report } from './report.ts';

/** What became of a case that both reports have. */
export interface ChangedCase {
  readonly id: string;
  readonly title: string;
  readonly before: Outcome;
  readonly after: Outcome;
  /** Why it has its outcome now. */
  readonly problems: readonly string[];
}

/** A case that only one of the reports has. */
export type SingleCase = Pick<CaseResult, 'id' | 'title' | 'outcome' | 'problems'>;

/** How a report differs from an earlier one, by case. Cases stand in the order of the report that has them. */
export interface Comparison {
  /** A sentence each: the reports are of different targets, profiles or versions, or a run was not complete. */
  readonly notes: readonly string[];
  /** Less is known to be right than before. */
  readonly worse: readonly ChangedCase[];
  readonly better: readonly ChangedCase[];
  /** Neither: from `fail` to `error`, or from `deviation` to `skipped`, and back. */
  readonly otherwise: readonly ChangedCase[];
  /** Only in the later report. */
  readonly added: readonly SingleCase[];
  /** Only in the earlier report. */
  readonly gone: readonly SingleCase[];
  /** How many cases have the same outcome in both. */
  readonly same: number;
}

/** From what is known to be right, over what is not known or not wanted, to what is wrong. */
const ranks: Readonly<Record<Outcome, number>> = { pass: 0, deviation: 1, skipped: 1, fail: 2, error: 2 };

/**
 * Compares two reports by the ids of their cases.
 *
 * A case is worse if it passed and does not any more, also if it is skipped now; or if it was skipped or a known
 * deviation, and now fails or cannot be carried out. It is better the other way round.
 *
 * @example
 * ```ts
 * const report = reportSchema.parse({
 *   ...{ format: 1, suiteVersion: '1.0.0', target: 'a', profile: 's3', started: '2026-01-02T03:04:05Z' },
 *   ...{ milliseconds: 10, counts: { pass: 1, fail: 0, skipped: 0, deviation: 0, error: 0 }, results: [], notRun: 0 },
 *   ...{ passedDeviations: [], leftBehind: [], made: [] },
 * });
 * assert.deepEqual(compareReports(report, { ...report, target: 'b' }).notes, ['the target is "b", and was "a"']);
 * ```
 */
export function compareReports(before: Report, after: Report): Comparison {
  const earlier = new Map(before.results.map((result) => [result.id, result]));
  const later = new Set(after.results.map(({ id }) => id));
  const both = after.results.flatMap((result) => {
    const old = earlier.get(result.id);
    return old === undefined ? [] : [changeOf(old, result)];
  });
  const changed = both.filter((change) => change.before !== change.after);
  return {
    notes: notesOf(before, after),
    worse: changed.filter((change) => steps(change) > 0),
    better: changed.filter((change) => steps(change) < 0),
    otherwise: changed.filter((change) => steps(change) === 0),
    added: after.results.filter(({ id }) => !earlier.has(id)).map(single),
    gone: before.results.filter(({ id }) => !later.has(id)).map(single),
    same: both.length - changed.length,
  };
}

/**
 * Whether anything got worse: a case is, or one that passed is gone. A case that is new has no earlier outcome than
 * which it could be worse.
 */
export function isWorse({ worse, gone }: Comparison): boolean {
  return worse.length > 0 || gone.some(({ outcome }) => outcome === 'pass');
}

function changeOf({ outcome: before }: CaseResult, { id, title, outcome: after, problems }: CaseResult): ChangedCase {
  return { id, title, before, after, problems };
}

function steps({ before, after }: ChangedCase): number {
  return ranks[after] - ranks[before];
}

function single({ id, title, outcome, problems }: CaseResult): SingleCase {
  return { id, title, outcome, problems };
}

function notesOf(before: Report, after: Report): readonly string[] {
  return [
    ...note('target', before.target, after.target),
    ...note('profile', before.profile, after.profile),
    ...note('version of the suite', before.suiteVersion, after.suiteVersion),
    ...problemsOfRun(before).map((problem) => `the earlier run: ${problem}`),
    ...problemsOfRun(after).map((problem) => `the later run: ${problem}`),
  ];
}

function note(what: string, before: string, after: string): readonly string[] {
  return before === after ? [] : [`the ${what} is ${JSON.stringify(after)}, and was ${JSON.stringify(before)}`];
}
