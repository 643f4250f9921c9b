import { StorageError, type AccountService, type AccountSummary, type NewAccount } from '@coffer/storage-core';
import type { Command } from 'commander';
import { createCleanup } from '../server/cleanup.ts';
import { openStorageBeside } from '../server/open-beside.ts';
import { StartupError } from '../startup-error.ts';
import { addPlaceOptions, configOf } from './config-options.ts';
import type { Terminal } from './terminal.ts';

export function addAccountCommand(program: Command, terminal: Terminal): void {
  const account = program
    .command('account')
    .description('accounts, each with its own buckets and keys; also while a server is running');
  const creation = account
    .command('create')
    .argument('<NAME>', 'a name that no other account has, for the operator only')
    .description('make a further account, and print its id and its master application key');
  addPlaceOptions(creation).action(async (name: string) => {
    await withAccounts(creation, terminal, async (accounts) => {
      const made = await create(accounts, name);
      printMade(made, name, terminal);
    });
  });
  const list = account
    .command('list')
    .description('print each account: id, when it was made, and its name')
    .option('--json', 'print each as a line of JSON');
  addPlaceOptions(list).action(async () => {
    const { json = false } = list.opts<{ readonly json?: boolean }>();
    await withAccounts(list, terminal, async (accounts) => {
      for (const each of await accounts.list()) terminal.stdout(`${json ? JSON.stringify(each) : lineOf(each)}\n`);
    });
  });
}

async function withAccounts(
  command: Command,
  terminal: Terminal,
  work: (accounts: AccountService) => Promise<void>,
): Promise<void> {
  const config = configOf(command, terminal);
  const cleanup = createCleanup();
  try {
    const absent = `There is no data in ${config.data} yet. Start the server once: it makes the first account.`;
    const storage = await openStorageBeside(config, terminal.environment, { cleanup, absent });
    await work(storage.accounts);
  } finally {
    await cleanup.run();
  }
}

async function create(accounts: AccountService, name: string): Promise<NewAccount> {
  try {
    return await accounts.create({ name });
  } catch (cause) {
    if (!StorageError.is(cause, 'invalid')) throw cause;
    throw new StartupError('config', `The account cannot be made: ${cause.message}.`, { cause });
  }
}

function printMade({ accountId, masterKey, secret }: NewAccount, name: string, { command, stdout }: Terminal): void {
  secret.expose((text) => {
    stdout(
      `  Account     ${accountId}  (${name})\n` +
        `  Key id      ${masterKey.applicationKeyId}\n` +
        `  Key         ${text}\n` +
        `              shown this once; later by: ${command} keys show-master --account ${accountId}\n`,
    );
  });
  secret.wipe();
}

function lineOf({ accountId, name, createdAt }: AccountSummary): string {
  return `${accountId}  ${new Date(createdAt).toISOString()}  ${name ?? '(the first account, which has no name)'}`;
}
