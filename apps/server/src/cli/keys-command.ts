import { StorageError, type AccountService } from '@coffer/storage-core';
import type { Command } from 'commander';
import type { ServerConfig } from '../config/server-config.ts';
import { createCleanup } from '../server/cleanup.ts';
import { openStorageBeside } from '../server/open-beside.ts';
import { StartupError } from '../startup-error.ts';
import { addPlaceOptions, configOf } from './config-options.ts';
import { findS3Key, makeS3Key } from '../keys/s3-key.ts';
import { keyExports } from './client-lines.ts';
import { s3KeyExports } from './s3-lines.ts';
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
  const s3 = keys
    .command('show-s3')
    .description('print an application key for S3 as lines for a shell, made the first time; also while serving')
    .option('--account <ID>', 'that of the account with this id (default: the account that the first start made)');
  addPlaceOptions(s3).action(async () => {
    const { account } = s3.opts<{ readonly account?: string }>();
    await showS3(configOf(s3, terminal), account, terminal);
  });
}

/** Also makes the key, the first time: whoever may read the store and its keys may do everything anyway. */
async function showS3(config: ServerConfig, wanted: string | undefined, { environment, stdout }: Terminal) {
  const cleanup = createCleanup();
  try {
    const absent = `There is no data in ${config.data} yet. Start the server once.`;
    const storage = await openStorageBeside(config, environment, { cleanup, absent });
    const accountId = wanted ?? (await storage.accounts.bootstrap()).accountId;
    (await reveal(storage.accounts, accountId)).wipe();
    const { id, secret } = (await findS3Key(storage, accountId)) ?? (await makeS3Key(storage, accountId));
    secret.expose((text) => {
      stdout(`${s3KeyExports(id, text).join('\n')}\n`);
    });
    secret.wipe();
  } finally {
    await cleanup.run();
  }
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
