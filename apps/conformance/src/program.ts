import {
  allCases,
  ConformanceError,
  explainCase,
  presets,
  profileSchema,
  reportJsonSchema,
  type Profile,
} from '@coffer/conformance';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { addAtRest } from './at-rest-command.ts';
import { diffCommand } from './diff-command.ts';
import { exitCodes, exitCodesHelp } from './exit-codes.ts';
import { runCommand, selectCases, type RunArguments } from './run-command.ts';
import type { Terminal } from './terminal.ts';
import { version } from './version.ts';

/** Runs the command that the arguments name; resolves with the exit code. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = exitCodes.conformant;
  const program = createProgram(terminal, (other) => {
    code = other;
  });
  try {
    // pnpm passes on the `--` that separates its own arguments from a script's.
    await program.parseAsync(
      args.filter((arg) => arg !== '--'),
      { from: 'user' },
    );
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
    if (error instanceof ConformanceError) {
      terminal.stderr(`${error.message}\n`);
      return exitCodeOf(error);
    }
    if (!isSystemError(error)) throw error;
    terminal.stderr(`${error.message}\n`);
    return exitCodes.usage;
  }
}

/** Of files and processes, such as a full disk or a folder that is not to be read: no mistake of the program. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && 'errno' in error;
}

function exitCodeOf({ code }: ConformanceError): number {
  if (code === 'left_behind') return exitCodes.notConformant;
  return code === 'setup' || code === 'connection' ? exitCodes.unusable : exitCodes.usage;
}

function createProgram(terminal: Terminal, endWith: (code: number) => void): Command {
  const program = new Command('coffer-conformance')
    .description("Tells how well an endpoint does server-side encryption over B2's or S3's API.")
    .version(version, '-V, --version', 'print the version')
    .showHelpAfterError('(try: coffer-conformance --help)')
    .exitOverride()
    .configureOutput({ writeOut: terminal.stdout, writeErr: terminal.stderr })
    .addHelpText('after', exitCodesHelp);
  addRun(program, terminal, endWith);
  addDiff(program, terminal, endWith);
  addAtRest(program, terminal, { profile: profileOption(), wholeNumber }, endWith);
  addLists(program, terminal);
  return program;
}

interface RunFlags extends Omit<RunArguments, 'target'> {
  readonly target?: string;
  readonly list?: boolean;
  readonly explain?: string;
}

function addRun(program: Command, terminal: Terminal, endWith: (code: number) => void): void {
  program
    .command('run')
    .description('run the cases of a profile in buckets that are made for it and removed again')
    .option('--target <file>', 'description of the target, in JSON')
    .addOption(profileOption())
    .option('--filter <text...>', 'only cases whose id contains one of these', [])
    .option('--concurrency <number>', 'cases at the same time', wholeNumber, 4)
    .option('--rate <number>', 'requests per second, at most', wholeNumber)
    .option('--json <file>', 'write the report as JSON')
    .option('--junit <file>', 'write the report as JUnit XML')
    .option('--html <file>', 'write the report as a page of HTML')
    .option('--resume <file>', 'take up the run whose report this is, if it is there, and keep it up to date')
    .option('--quiet', 'say nothing while cases run')
    .option('--list', 'list the cases instead of running them')
    .option('--explain <id>', 'say what a case does instead of running it')
    .action(async ({ target, list, explain, ...others }: RunFlags) => {
      if (explain !== undefined) terminal.stdout(explainById(explain));
      else if (list === true) terminal.stdout(listOf(others.profile, others.filter));
      else if (target === undefined) throw new ConformanceError('target', '--target is missing.');
      else endWith(await runCommand({ ...others, target }, terminal));
    });
}

function addDiff(program: Command, terminal: Terminal, endWith: (code: number) => void): void {
  program
    .command('diff')
    .description(
      'say what got worse and what got better between two reports in JSON; ends with 1 if anything got worse',
    )
    .argument('<before>', 'the earlier report')
    .argument('<after>', 'the later report')
    .option('--json', 'as JSON')
    .action(async (before: string, after: string, { json }: { readonly json?: boolean }) => {
      endWith(await diffCommand({ before, after, ...(json !== undefined && { json }) }, terminal));
    });
}

function addLists(program: Command, terminal: Terminal): void {
  program
    .command('presets')
    .description('list the products that a target can name, and their features')
    .action(() => {
      for (const [name, { title, features, note }] of Object.entries(presets))
        terminal.stdout(`${name}: ${title}\n  ${features.join(', ')}\n${note === undefined ? '' : `  ${note}\n`}`);
    });
  program
    .command('schema')
    .description('print the JSON Schema of the report')
    .action(() => {
      terminal.stdout(`${JSON.stringify(reportJsonSchema(), null, 2)}\n`);
    });
}

function profileOption(): Option {
  return new Option('--profile <name>', 'which rules').choices(profileSchema.options).makeOptionMandatory();
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('must be a whole number above 0.');
}

function listOf(profile: Profile, filter: readonly string[]): string {
  return selectCases(profile, filter)
    .map(({ id, title }) => `${id}: ${title}\n`)
    .join('');
}

/** @throws ConformanceError `case` if there is no such case. */
function explainById(id: string): string {
  const found = allCases.find((testCase) => testCase.id === id);
  if (found === undefined) throw new ConformanceError('case', `There is no case ${id}.`);
  return explainCase(found);
}
