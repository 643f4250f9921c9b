import { Command } from 'commander';
import { version } from '../own-package.ts';
import { addAccountCommand } from './account-command.ts';
import { addBackupCommand } from './backup-command.ts';
import { addClockCommand } from './clock-command.ts';
import { addCompactCommand } from './compact-command.ts';
import { addDoctorCommand } from './doctor-command.ts';
import { addExportRecordCommand } from './export-record-command.ts';
import { exitCodeOf, exitCodes, exitCodesHelp } from './exit-codes.ts';
import { addKeyringCommand } from './keyring-command.ts';
import { addKeysCommand } from './keys-command.ts';
import { addLifecycleCommand } from './lifecycle-command.ts';
import { addRestoreCommand } from './restore-command.ts';
import { describeFailure } from './describe-failure.ts';
import { addQuarantineCommand } from './quarantine-command.ts';
import { addServeCommand } from './serve-command.ts';
import { addVerifyCommand } from './verify-command.ts';
import { addWorkerCommand } from './worker-command.ts';
import type { Terminal } from './terminal.ts';

/** Runs the command that the arguments name; resolves with the exit code. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<number> {
  let code = 0;
  const program = createProgram(terminal, (other) => {
    code = other;
  });
  try {
    // No operand begins with a dash, so `--` has no meaning here and is removed; pnpm passes on the one that separates
    // its own arguments from a script's.
    await program.parseAsync(
      args.filter((arg) => arg !== '--'),
      { from: 'user' },
    );
    return code;
  } catch (error) {
    const failure = describeFailure(error, { withStack: isDebug(args, terminal) });
    if (failure !== undefined) terminal.stderr(failure);
    return exitCodeOf(error);
  }
}

/** `endWith` is called by a command that has done its work and wants another exit code than 0. */
function createProgram(terminal: Terminal, endWith: (code: number) => void): Command {
  const failed = (): void => {
    endWith(exitCodes.failure);
  };
  const program = new Command('coffer')
    .description(
      'An object-storage server for the B2 Native API and the S3 Compatible API that encrypts what it stores.',
    )
    .version(version, '-V, --version', 'print the version')
    .showHelpAfterError('(try: coffer --help)')
    .exitOverride()
    .configureOutput({ writeOut: terminal.stdout, writeErr: terminal.stderr })
    .addHelpText('after', exitCodesHelp);
  // Sub-commands take over exitOverride and output from the program they are added to.
  addServeCommand(program, terminal);
  addWorkerCommand(program, terminal);
  addDoctorCommand(program, terminal, failed);
  addAccountCommand(program, terminal);
  addKeysCommand(program, terminal);
  addKeyringCommand(program, terminal);
  addExportRecordCommand(program, terminal);
  addLifecycleCommand(program, terminal, failed);
  addQuarantineCommand(program, terminal, failed);
  addCompactCommand(program, terminal);
  addBackupCommand(program, terminal, failed);
  addRestoreCommand(program, terminal, failed);
  addClockCommand(program, terminal, failed);
  addVerifyCommand(program, terminal, endWith);
  program
    .command('version')
    .description('print the version')
    .action(() => {
      terminal.stdout(`${version}\n`);
    });
  return program;
}

/**
 * Whether the log level is debug. Read from arguments and environment only, since reading the configuration may be what
 * failed.
 */
function isDebug(args: readonly string[], { environment }: Terminal): boolean {
  const flag = args.findIndex((arg) => arg === '--log-level' || arg.startsWith('--log-level='));
  const level = args[flag]?.split('=')[1] ?? (flag < 0 ? undefined : args[flag + 1]);
  return ['debug', 'trace'].includes(level ?? environment['COFFER_LOG_LEVEL'] ?? '');
}
