import {
  casesOf,
  ConformanceError,
  isConformant,
  printHtml,
  printJunit,
  printSummary,
  runConformance,
  type ConformanceCase,
  type Profile,
  type RunOptions,
} from '@coffer/conformance';
import { exitCodes } from './exit-codes.ts';
import { createProgress } from './progress.ts';
import { readReportIfThere } from './read-report.ts';
import { readTarget } from './read-target.ts';
import { checkWritable, replaceReport, writeReport } from './report-files.ts';
import type { Terminal } from './terminal.ts';

export interface RunArguments {
  readonly target: string;
  readonly profile: Profile;
  readonly filter: readonly string[];
  readonly concurrency: number;
  readonly rate?: number;
  readonly json?: string;
  readonly junit?: string;
  readonly html?: string;
  /** A report that is taken up if it is there, and kept up to date. */
  readonly resume?: string;
  readonly quiet?: boolean;
}

/** Runs the cases, writes the reports and gives the exit code. @throws ConformanceError */
export async function runCommand(given: RunArguments, terminal: Terminal): Promise<number> {
  const cases = selectCases(given.profile, given.filter);
  const { target, ca } = await readTarget(given.target);
  // What is wrong with it is told before anything is made.
  const resumed = await resuming(given.resume);
  // The state is a report as `--json` writes it.
  const json = given.json === given.resume ? undefined : given.json;
  await checkWritable([json, given.junit, given.html], [given.target, given.resume]);
  const progress = given.quiet === true ? undefined : createProgress(terminal);
  const report = await runConformance({
    target,
    profile: given.profile,
    cases,
    environment: terminal.environment,
    concurrency: given.concurrency,
    ...(given.rate !== undefined && { requestsPerSecond: given.rate }),
    ...(ca !== undefined && { ca }),
    ...(terminal.signal !== undefined && { signal: terminal.signal }),
    ...resumed,
    ...(progress !== undefined && { onBegin: progress.onBegin, onResult: progress.onResult }),
  }).finally(() => progress?.end());
  // First, so that it is there even if a file cannot be written.
  terminal.stdout(printSummary(report));
  await writeReport(given.json, () => `${JSON.stringify(report, null, 2)}\n`);
  await writeReport(given.junit, () => printJunit(report));
  await writeReport(given.html, () => printHtml(report));
  if (report.notRun > 0) return exitCodes.interrupted;
  return isConformant(report) ? exitCodes.conformant : exitCodes.notConformant;
}

/** The cases to run or list. @throws ConformanceError `case` if there is none, so that a mistyped filter is noticed. */
export function selectCases(profile: Profile, filter: readonly string[]): readonly ConformanceCase[] {
  const cases = casesOf(profile, filter);
  if (cases.length === 0)
    throw new ConformanceError('case', `No case of ${profile} has ${filter.join(' or ')} in its id.`);
  return cases;
}

/** What takes an earlier run up and lets a later one take up this one. @throws ConformanceError `options` */
async function resuming(path: string | undefined): Promise<Pick<RunOptions, 'earlier' | 'keep'>> {
  if (path === undefined) return {};
  const earlier = await readReportIfThere(path);
  return { ...(earlier !== undefined && { earlier }), keep: (report) => replaceReport(path, report) };
}
