import type { Command } from 'commander';
import type { ServerConfig } from '../config/server-config.ts';
import type { RunningServer } from '../server/running-server.ts';
import { startServer } from '../server/start-server.ts';
import { version } from '../version.ts';
import { addConfigOptions, configOf } from './config-options.ts';
import { banner } from './banner.ts';
import type { Terminal } from './terminal.ts';

export function addServeCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('serve')
    .description('start the server')
    .addHelpText(
      'after',
      `
Flags come before the environment, the environment before the configuration file. The first start makes the data directory, a
keyring with its root key, and the master application key (or takes COFFER_MASTER_KEY), and prints the key once.

SIGTERM and SIGINT stop the server once requests under way are finished; a second one stops it at once.`,
    );
  addConfigOptions(command, ['place', 'server']).action(async () => {
    await serve(configOf(command, terminal), terminal);
  });
}

/** Serves until a signal to stop. */
async function serve(config: ServerConfig, terminal: Terminal): Promise<void> {
  const server = await startServer(config, { environment: terminal.environment });
  const stopped = new Promise<void>((resolve) => {
    const ignore = terminal.onStopSignal(() => {
      ignore();
      resolve();
    });
  });
  printBanner(server, config, terminal);
  await stopped;
  await server.close();
}

function printBanner(server: RunningServer, config: ServerConfig, { stdout, command }: Terminal): void {
  const { urls, masterKeyId, masterKey, certificateFile } = server;
  const { publicUrl, data, keys } = config;
  const facts = { version, urls, publicUrl, data, keys, keyId: masterKeyId, certificateFile, command };
  if (masterKey === undefined) {
    stdout(banner({ ...facts, secret: undefined }));
    return;
  }
  masterKey.expose((secret) => {
    stdout(banner({ ...facts, secret }));
  });
  masterKey.wipe();
}
