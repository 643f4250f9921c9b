import type { Command } from 'commander';
import type { ServerConfig } from '../config/server-config.ts';
import { keyringPath, openKeys } from '../keys/open-keys.ts';
import { addConfigOptions, configOf } from './config-options.ts';
import type { Terminal } from './terminal.ts';

export function addKeyringCommand(program: Command, terminal: Terminal): void {
  const keyring = program.command('keyring').description('the global keys that protect SSE-B2 files');
  const command = keyring.command('status').description('list the global keys, without the keys themselves');
  addConfigOptions(command, ['place']).action(async () => {
    await status(configOf(command, terminal), terminal);
  });
}

async function status(config: ServerConfig, { environment, stdout }: Terminal): Promise<void> {
  const keyring = await openKeys(config, environment);
  try {
    const keys = await keyring.listKeys();
    const rows = keys.map(
      ({ id, state, createdAt }) => `${id.padEnd(24)}${state.padEnd(16)}${new Date(createdAt).toISOString()}`,
    );
    stdout(`Keyring ${keyring.keyringId} in ${keyringPath(config.keys)}\n\n${rows.join('\n')}\n`);
  } finally {
    keyring.close();
  }
}
