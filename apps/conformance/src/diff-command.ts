import { compareReports, isWorse, printComparison } from '@coffer/conformance';
import { exitCodes } from './exit-codes.ts';
import { readReport } from './read-report.ts';
import type { Terminal } from './terminal.ts';

export interface DiffArguments {
  readonly before: string;
  readonly after: string;
  /** JSON instead of text. */
  readonly json?: boolean;
}

/** Compares two reports and gives the exit code. @throws ConformanceError `options` for a file that is no report */
export async function diffCommand({ before, after, json }: DiffArguments, terminal: Terminal): Promise<number> {
  const comparison = compareReports(await readReport(before), await readReport(after));
  terminal.stdout(json === true ? `${JSON.stringify(comparison, null, 2)}\n` : printComparison(comparison));
  return isWorse(comparison) ? exitCodes.notConformant : exitCodes.conformant;
}
