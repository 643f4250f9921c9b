import type { Command } from 'commander';
import type { ServerConfig } from '../config/server-config.ts';
import { environmentName } from '../config/options.ts';
import type { RunningServer } from '../server/running-server.ts';
import { startServer } from '../server/start-server.ts';
import { StartupError } from '../startup-error.ts';
import { startPrimary } from '../workers/start-primary.ts';
import { version } from '../version.ts';
import { addConfigOptions, configOf } from './config-options.ts';
import { banner } from './banner.ts';
import type { Terminal } from './terminal.ts';

const help = `
Flags come before the environment, the environment before the configuration file. The first start makes the data directory, a
keyring with its root key, and the master application key (or takes COFFER_MASTER_KEY). On a terminal it prints the key once;
elsewhere it names the command that shows it.

SIGTERM and SIGINT stop the server once requests under way are finished; a second one stops it at once. SIGHUP has it read
certificate and keyring again, without failing a request; two or more workers are restarted one by one for that.`;

export function addServeCommand(program: Command, terminal: Terminal): void {
  const command = program.command('serve').description('start the server').addHelpText('after', help);
  addConfigOptions(command, ['place', 'server'])
    .option(
      '--new-store',
      'begin a new store in an empty data directory though the keyring serves another; never touches blobs',
    )
    .action(async () => {
      const { newStore = false } = command.opts<{ newStore?: boolean }>();
      const config = configOf(command, terminal);
      requireKnownKey(config, terminal);
      await serve(config, newStore, terminal);
    });
}

/** The key of a server in memory is shown at its start or never. @throws StartupError `config` where nobody could know it. */
function requireKnownKey({ memory, masterKey }: ServerConfig, { stdoutIsTerminal }: Terminal): void {
  if (!memory || masterKey !== undefined || stdoutIsTerminal) return;
  const names = `${environmentName('masterKey')} and, for the key id, ${environmentName('masterKeyId')}`;
  throw new StartupError(
    'config',
    `With --memory and without a terminal nobody would learn the master application key: give one in ${names}.`,
  );
}

/** Serves until a signal to stop. */
async function serve(config: ServerConfig, newStore: boolean, terminal: Terminal): Promise<void> {
  // From the start: until there is a server, a signal to reload has nothing to do, and must not end the process.
  terminal.onReloadSignal(() => undefined);
  const server = await start(config, newStore, terminal);
  const stopped = new Promise<void>((resolve) => {
    const ignore = terminal.onStopSignal(() => {
      ignore();
      resolve();
    });
  });
  terminal.onReloadSignal(() => void server.reload());
  printBanner(server, config, terminal);
  await stopped;
  await server.close();
}

/** With one worker this process serves clients itself. */
function start(config: ServerConfig, newStore: boolean, { environment }: Terminal): Promise<RunningServer> {
  return (config.workers === 1 ? startServer : startPrimary)(config, { environment, newStore });
}

/** The key is shown to a person only: what goes into a file or a log would keep it there. One that was given is known already. */
function printBanner(server: RunningServer, config: ServerConfig, terminal: Terminal): void {
  const { urls, masterKeyId, masterKey, certificateFile } = server;
  const { publicUrl, memory, data, keys } = config;
  const { announce, command } = terminal;
  const facts = { version, urls, publicUrl, memory, data, keys, keyId: masterKeyId, certificateFile, command };
  const isShown = terminal.stdoutIsTerminal && config.masterKey === undefined;
  if (isShown && masterKey !== undefined)
    masterKey.expose((secret) => {
      announce(banner({ ...facts, secret }));
    });
  else announce(banner({ ...facts, secret: undefined }));
  masterKey?.wipe();
}
