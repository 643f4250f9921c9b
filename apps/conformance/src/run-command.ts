import {
  casesOf,
  ConformanceError,
  isConformant,
  printJunit,
  printSummary,
  runConformance,
  type CaseResult,
  type ConformanceCase,
  type Profile,
} from '@coffer/conformance';
import { exitCodes } from './exit-codes.ts';
import { readTarget } from './read-target.ts';
import { checkWritable, writeReport } from './report-files.ts';
import type { Terminal } from './terminal.ts';

export interface RunArguments {
  readonly target: string;
  readonly profile: Profile;
  readonly filter: readonly string[];
  readonly concurrency: number;
  readonly rate?: number;
  readonly json?: string;
  readonly junit?: string;
  readonly quiet?: boolean;
}

/** Runs the cases, writes the reports and gives the exit code. @throws ConformanceError */
export async function runCommand(given: RunArguments, terminal: Terminal): Promise<number> {
  const cases = selectCases(given.profile, given.filter);
  const { target, ca } = await readTarget(given.target);
  await checkWritable([given.json, given.junit]);
  const report = await runConformance({
    target,
    profile: given.profile,
    cases,
    environment: terminal.environment,
    concurrency: given.concurrency,
    ...(given.rate !== undefined && { requestsPerSecond: given.rate }),
    ...(ca !== undefined && { ca }),
    ...(terminal.signal !== undefined && { signal: terminal.signal }),
    ...(given.quiet !== true && { onResult: progress(cases.length, terminal) }),
  });
  // First, so that it is there even if a file cannot be written.
  terminal.stdout(printSummary(report));
  await writeReport(given.json, () => `${JSON.stringify(report, null, 2)}\n`);
  await writeReport(given.junit, () => printJunit(report));
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

/** A line as each case ends. */
function progress(total: number, terminal: Terminal): (result: CaseResult) => void {
  let done = 0;
  return ({ id, outcome }) => {
    terminal.stderr(`[${++done}/${total}] ${outcome} ${id}\n`);
  };
}
