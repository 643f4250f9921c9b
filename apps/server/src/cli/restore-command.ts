import type { RestoreOutcome } from '@coffer/store-local';
import type { Command } from 'commander';
import { runRestore } from '../backup/run-restore.ts';
import { amountOf, instantOf, untilStopped } from './backup-lines.ts';
import { addDataOption, configOf } from './config-options.ts';
import type { Terminal } from './terminal.ts';

/** `failed` is called if the restore is not complete. */
export function addRestoreCommand(program: Command, terminal: Terminal, failed: () => void): void {
  const command = program
    .command('restore')
    .argument('<DIR>', 'a backup, or a directory of backups, of which the newest is taken')
    .description('restore a backup into a data directory that is empty or not there');
  addDataOption(command).action(async (backup: string) => {
    const config = configOf(command, terminal);
    const stopped = `The restore into ${config.data} is not complete: run the command again to go on.`;
    const outcome = await untilStopped(terminal, stopped, (signal) => runRestore(config, { backup, signal }));
    if (outcome === undefined) failed();
    else terminal.stderr(summaryOf(outcome, config.data, config.keys));
  });
}

function summaryOf({ path, header, end }: RestoreOutcome, data: string, keys: string): string {
  const lines = [
    `Restored ${amountOf(end)} from ${path} of ${instantOf(header)} into ${data}.`,
    'Tokens that were given out before are no longer valid, and application keys made since that backup are not ' +
      'there: clients authorize anew.',
    `The keyring is not part of a backup: the server needs the one of this store, at ${keys} unless --keys says ` +
      'otherwise.',
  ];
  if (end.missing > 0) lines.push(`${end.missing} blobs had been lost before the backup: reads of their files fail.`);
  return `${lines.join('\n')}\n`;
}
