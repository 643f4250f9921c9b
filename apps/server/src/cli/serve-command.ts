import type { Command } from 'commander';
import type { ServerConfig } from '../config/server-config.ts';
import type { RunningServer } from '../server/running-server.ts';
import { startServer } from '../server/start-server.ts';
import { startPrimary } from '../workers/start-primary.ts';
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

SIGTERM and SIGINT stop the server once requests under way are finished; a second one stops it at once. With two or more
workers SIGHUP restarts these one by one, without failing a request; the new ones read certificate and keyring again.`,
    );
  addConfigOptions(command, ['place', 'server']).action(async () => {
    await serve(configOf(command, terminal), terminal);
  });
}

/** Serves until a signal to stop. */
async function serve(config: ServerConfig, terminal: Terminal): Promise<void> {
  const server = await start(config, terminal);
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

/** With one worker this process serves clients itself. */
async function start(config: ServerConfig, { environment, onRestartSignal }: Terminal): Promise<RunningServer> {
  if (config.workers === 1) return startServer(config, { environment });
  const server = await startPrimary(config, { environment });
  onRestartSignal(() => void server.restart());
  return server;
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
