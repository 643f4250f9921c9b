import {
  atRestReportJsonSchema,
  ConformanceError,
  holdsAtRest,
  printAtRestSummary,
  runAtRest,
  type Profile,
} from '@coffer/conformance';
import type { Command, Option } from 'commander';
import { exitCodes } from './exit-codes.ts';
import { readTarget } from './read-target.ts';
import { checkWritable, writeReport } from './report-files.ts';
import type { Terminal } from './terminal.ts';

interface AtRestArguments {
  readonly target?: string;
  readonly profile: Profile;
  readonly allowDamage?: boolean;
  readonly filter: readonly string[];
  readonly starts?: number;
  readonly json?: string;
  readonly serverLog?: string;
  readonly strict?: boolean;
  readonly quiet?: boolean;
}

/** What of the program's own options the command takes over. */
export interface SharedOptions {
  readonly profile: Option;
  readonly wholeNumber: (text: string) => number;
}

/** Adds the command `at-rest`, and `at-rest-schema` for its report. */
export function addAtRest(
  program: Command,
  terminal: Terminal,
  { profile, wholeNumber }: SharedOptions,
  endWith: (code: number) => void,
): void {
  program
    .command('at-rest')
    .description('run the server that the target describes, damage what it stores, and see what it gives out then')
    .option('--target <file>', 'description of the target with a section atRest, in JSON')
    .addOption(profile)
    .option(
      '--allow-damage',
      'say that the data directory, which has to be empty, may be used; nothing is done without it',
    )
    .option('--filter <text...>', 'only checks whose id contains one of these', [])
    .option('--starts <number>', 'starts of the server for damages, at most (default: 60)', wholeNumber)
    .option('--json <file>', 'write the report as JSON')
    .option('--server-log <file>', 'append what the server prints')
    .option('--strict', 'a check that cannot tell counts as failed')
    .option('--quiet', 'no line on what is going on')
    .action(async (given: AtRestArguments) => {
      endWith(await atRestCommand(given, terminal));
    });
  program
    .command('at-rest-schema')
    .description('print the JSON Schema of the report of at-rest')
    .action(() => {
      terminal.stdout(`${JSON.stringify(atRestReportJsonSchema(), null, 2)}\n`);
    });
}

/** Runs the tier, writes the report and gives the exit code. @throws ConformanceError */
async function atRestCommand(given: AtRestArguments, terminal: Terminal): Promise<number> {
  if (given.target === undefined) throw new ConformanceError('target', '--target is missing.');
  if (given.allowDamage !== true)
    throw new ConformanceError('options', 'The data directory is damaged on purpose: say --allow-damage to do it.');
  const { target, ca } = await readTarget(given.target);
  await checkWritable([given.json, given.serverLog], [given.target]);
  const report = await runAtRest({
    ...{ target, profile: given.profile, environment: terminal.environment, allowDamage: true },
    filter: given.filter,
    ...(given.starts !== undefined && { starts: given.starts }),
    ...(given.serverLog !== undefined && { serverLog: given.serverLog }),
    ...(ca !== undefined && { ca }),
    ...(terminal.signal !== undefined && { signal: terminal.signal }),
    ...(given.quiet !== true && { onProgress: terminal.stderr }),
  });
  terminal.stdout(printAtRestSummary(report));
  await writeReport(given.json, () => `${JSON.stringify(report, null, 2)}\n`);
  if (report.interrupted) return exitCodes.interrupted;
  const untold = given.strict === true && report.counts['cannot tell'] > 0;
  return holdsAtRest(report) && !untold ? exitCodes.conformant : exitCodes.notConformant;
}
