import type { Command } from 'commander';
import type { ServerConfig } from '../config/server-config.ts';
import { addKey, keyringPath, openKeys } from '../keys/open-keys.ts';
import { addPlaceOptions, configOf } from './config-options.ts';
import type { Terminal } from './terminal.ts';

export function addKeyringCommand(program: Command, terminal: Terminal): void {
  const keyring = program.command('keyring').description('the global keys that protect SSE-B2 files');
  const listing = keyring.command('status').description('list the global keys, without the keys themselves');
  addPlaceOptions(listing).action(async () => {
    await status(configOf(listing, terminal), terminal);
  });
  const rotation = keyring
    .command('rotate')
    .description('make a new active global key; the ones before stay, to read what they protect');
  addPlaceOptions(rotation).action(async () => {
    await rotate(configOf(rotation, terminal), terminal);
  });
}

async function rotate(config: ServerConfig, { environment, stdout }: Terminal): Promise<void> {
  const keyring = await openKeys(config, environment);
  try {
    const before = await keyring.activeKeyId();
    const added = await addKey(config, keyring);
    stdout(
      `Global key ${added} is active now; ${before} stays, to read what it protects.\n` +
        `Back up ${keyringPath(config.keys)} now: files that are written from here on are lost without it.\n` +
        'A server that is running goes on with the one it has until it is started again.\n',
    );
  } finally {
    keyring.close();
  }
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
