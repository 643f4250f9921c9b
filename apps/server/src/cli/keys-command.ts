import { StorageError, type AccountService } from '@coffer/storage-core';
import type { Command } from 'commander';
import type { ServerConfig } from '../config/server-config.ts';
import { createCleanup } from '../server/cleanup.ts';
import { openStorageBeside } from '../server/open-beside.ts';
import { StartupError } from '../startup-error.ts';
import { addPlaceOptions, configOf } from './config-options.ts';
import { keyExports } from './client-lines.ts';
import type { Terminal } from './terminal.ts';

export function addKeysCommand(program: Command, terminal: Terminal): void {
  const keys = program.command('keys').description('application keys');
  const command = keys
    .command('show-master')
    .description('print the master application key as lines for a shell; also while a server is running')
    .option('--account <ID>', 'that of the account with this id (default: the account that the first start made)');
  addPlaceOptions(command).action(async () => {
    const { account } = command.opts<{ readonly account?: string }>();
    await showMaster(configOf(command, terminal), account, terminal);
  });
}

async function showMaster(
  config: ServerConfig,
  wanted: string | undefined,
  { environment, stdout }: Terminal,
): Promise<void> {
  const cleanup = createCleanup();
  try {
    const absent = `There is no data in ${config.data} yet. Start the server once: it makes the key.`;
    const { accounts } = await openStorageBeside(config, environment, { cleanup, absent });
    // The id of an account is that of its master key.
    const id = wanted ?? (await accounts.bootstrap()).accountId;
    const secret = await reveal(accounts, id);
    secret.expose((text) => {
      stdout(`${keyExports(id, text).join('\n')}\n`);
    });
    secret.wipe();
  } finally {
    await cleanup.run();
  }
}

async function reveal(accounts: AccountService, accountId: string): ReturnType<AccountService['revealMasterKey']> {
  try {
    return await accounts.revealMasterKey(accountId);
  } catch (cause) {
    if (!StorageError.is(cause, 'application_key_missing')) throw cause;
    throw new StartupError('config', 'There is no account with that id. See: coffer account list.', { cause });
  }
}
