import { createStorage } from '@coffer/storage-core';
import { systemClock, systemRandom } from '@coffer/storage-ports';
import { checkLocalStore } from '@coffer/store-local';
import type { Command } from 'commander';
import type { ServerConfig } from '../config/server-config.ts';
import { openKeys } from '../keys/open-keys.ts';
import { createCleanup } from '../server/cleanup.ts';
import { openStore, proveKeys } from '../server/open-storage.ts';
import { StartupError } from '../startup-error.ts';
import { addConfigOptions, configOf } from './config-options.ts';
import { keyExports } from './client-lines.ts';
import type { Terminal } from './terminal.ts';

export function addKeysCommand(program: Command, terminal: Terminal): void {
  const keys = program.command('keys').description('application keys');
  const command = keys
    .command('show-master')
    .description('print the master application key as lines for a shell; also while a server is running');
  addConfigOptions(command, ['place']).action(async () => {
    await showMaster(configOf(command, terminal), terminal);
  });
}

async function showMaster(config: ServerConfig, { environment, stdout }: Terminal): Promise<void> {
  if ((await checkLocalStore(config.data)).metadata === 'absent') {
    throw new StartupError('data', `There is no data in ${config.data} yet. Start the server once: it makes the key.`);
  }
  const cleanup = createCleanup();
  try {
    const keyring = await openKeys(config, environment);
    cleanup.add(() => {
      keyring.close();
    });
    const store = await openStore(config.data);
    const { metadata, blobs } = store;
    cleanup.add(() => store.close());
    const storage = createStorage({ metadata, blobs, keys: keyring, clock: systemClock, random: systemRandom });
    await proveKeys(config, storage);
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
