import { checkBackup, type BackupFinding, type BackupOutcome } from '@coffer/store-local';
import type { Command } from 'commander';
import { withBackupFailures } from '../backup/backup-failures.ts';
import { runBackup } from '../backup/run-backup.ts';
import { addDataOption, configOf } from './config-options.ts';
import { amountOf, instantOf, untilStopped } from './backup-lines.ts';
import type { Terminal } from './terminal.ts';

interface BackupFlags {
  readonly base?: string;
  readonly check?: boolean;
}

/** `failed` is called if blobs are missing in the backup, or if it has changed since it was taken. */
export function addBackupCommand(program: Command, terminal: Terminal, failed: () => void): void {
  const command = program
    .command('backup')
    .argument('<DIR>', 'directory of backups; each run adds one to it')
    .description('back the store up, without its keys; also while a server is running')
    .option('--base <DIR>', 'take blobs over from this backup (default: the newest in DIR)')
    .option('--check', 'instead, read the newest backup in DIR and compare it with its checksums');
  addDataOption(command).action(async (directory: string) => {
    const { base, check = false } = command.opts<BackupFlags>();
    const isWhole = check ? await runCheck(directory, terminal) : await run(command, directory, base, terminal);
    if (!isWhole) failed();
  });
}

async function run(
  command: Command,
  destination: string,
  base: string | undefined,
  terminal: Terminal,
): Promise<boolean> {
  const config = configOf(command, terminal);
  const outcome = await untilStopped(
    terminal,
    'The backup is not complete: run the command again to go on.',
    (signal) => runBackup(config, { destination, signal, ...(base !== undefined && { base }) }),
  );
  if (outcome === undefined) return false;
  terminal.stdout(`${outcome.path}\n`);
  terminal.stderr(summaryOf(outcome, config.keys));
  return outcome.end.missing === 0;
}

function summaryOf({ end, blobs, base }: BackupOutcome, keys: string): string {
  const shared = base === null ? '' : `, over the backup ${base}`;
  const lines = [
    `Backed up ${amountOf(end)}: ${blobs.shared} blobs share the space of files that are there already, ` +
      `${blobs.copied} were copied, ${blobs.kept} were there from an interrupted run${shared}.`,
    `The keyring is not in the backup: back up ${keys} apart from it, since without it encrypted files are lost.`,
  ];
  if (end.missing > 0)
    lines.push(
      `${end.missing} blobs that the metadata names are not in the store any more, so these files cannot be ` +
        'restored from this backup: coffer backup --check lists them.',
    );
  return `${lines.join('\n')}\n`;
}

async function runCheck(backup: string, terminal: Terminal): Promise<boolean> {
  let found = 0;
  const onFinding = (finding: BackupFinding) => {
    found++;
    terminal.stdout(`${problems[finding.kind]} ${finding.path}\n`);
  };
  const advice = 'Name another backup, or take a new one.';
  const checked = await untilStopped(terminal, 'The check was stopped.', (signal) =>
    withBackupFailures('The backup cannot be checked', advice, () => checkBackup({ backup, onFinding, signal })),
  );
  if (checked === undefined) return false;
  const outcome = found === 0 ? 'all as it was backed up' : `${found} files are not as they should be`;
  terminal.stderr(`${checked.path} of ${instantOf(checked.header)}: ${amountOf(checked.end)}, ${outcome}.\n`);
  return found === 0;
}

const problems: Readonly<Record<BackupFinding['kind'], string>> = {
  missing: 'missing      ',
  other_length: 'other length ',
  other_content: 'other content',
  lost: 'lost before  ',
};
