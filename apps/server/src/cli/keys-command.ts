import type { Command } from 'commander';
import type { ServerConfig } from '../config/server-config.ts';
import { createCleanup } from '../server/cleanup.ts';
import { openStorageBeside } from '../server/open-beside.ts';
import { addPlaceOptions, configOf } from './config-options.ts';
import { keyExports } from './client-lines.ts';
import type { Terminal } from './terminal.ts';

export function addKeysCommand(program: Command, terminal: Terminal): void {
  const keys = program.command('keys').description('application keys');
  const command = keys
    .command('show-master')
    .description('print the master application key as lines for a shell; also while a server is running');
  addPlaceOptions(command).action(async () => {
    await showMaster(configOf(command, terminal), terminal);
  });
}

async function showMaster(config: ServerConfig, { environment, stdout }: Terminal): Promise<void> {
  const cleanup = createCleanup();
  try {
    const absent = `There is no data in ${config.data} yet. Start the server once: it makes the key.`;
    const storage = await openStorageBeside(config, environment, { cleanup, absent });
    const { accountId, masterKey } = await storage.accounts.bootstrap();
    const secret = await storage.accounts.revealMasterKey(accountId);
    secret.expose((text) => {
      stdout(`${keyExports(masterKey.applicationKeyId, text).join('\n')}\n`);
    });
    secret.wipe();
  } finally {
    await cleanup.run();
  }
}
