import type { Command } from 'commander';
import type { ServerConfig } from '../config/server-config.ts';
import { environmentName } from '../config/setting-names.ts';
import type { RunningServer } from '../server/running-server.ts';
import type { StartOptions } from '../server/server-context.ts';
import { startServer } from '../server/start-server.ts';
import { StartupError } from '../startup-error.ts';
import { chooseEngine } from '../store/choose-engine.ts';
import { startPrimary } from '../workers/start-primary.ts';
import { version } from '../own-package.ts';
import { addServerOptions, readConfig } from './config-options.ts';
import { banner } from './banner.ts';
import type { Terminal } from './terminal.ts';

/**
 * Milliseconds within which a second signal counts as the same Ctrl-C: the terminal sends one signal, and a package
 * manager passes on another.
 */
const oneKeyPressMs = 1_000;

const help = `
Flags come before the environment, the environment before the configuration file. The first start makes the data
directory, a keyring with its root key, and the master application key (or takes COFFER_MASTER_KEY). On a terminal it
prints the key once; elsewhere it names the command that shows it.

SIGTERM and SIGINT stop the server once requests under way are finished; another one, a second later or more, stops it
at once. SIGHUP has it read certificate and keyring again, without failing a request; two or more workers are restarted
one by one for that.`;

export function addServeCommand(program: Command, terminal: Terminal): void {
  const command = program.command('serve').description('start the server').addHelpText('after', help);
  addServerOptions(command)
    .option(
      '--new-store',
      'begin a new store in an empty data directory though the keyring serves another; never touches blobs',
    )
    .action(async () => {
      const { newStore = false } = command.opts<{ newStore?: boolean }>();
      const { config, warnings } = readConfig(command, terminal);
      requireKnownKey(config, terminal);
      await serve(config, { newStore, warnings }, terminal);
    });
}

/**
 * The key of a server in memory is shown at its start or never, so somebody has to see it or has to give it. @throws
 * StartupError `config` where nobody could know it.
 */
function requireKnownKey({ memory, masterKey }: ServerConfig, { stdoutIsTerminal }: Terminal): void {
  if (!memory || masterKey !== undefined || stdoutIsTerminal) return;
  const names = `${environmentName('masterKey')} and, for the key id, ${environmentName('masterKeyId')}`;
  throw new StartupError(
    'config',
    `With --memory and without a terminal nobody would learn the master application key: give one in ${names}.`,
  );
}

/** Serves until a signal to stop. */
async function serve(config: ServerConfig, options: ServeOptions, terminal: Terminal): Promise<void> {
  // Set from the beginning: until there is a server, a signal to reload does nothing, but must not end the process.
  terminal.onReloadSignal(() => undefined);
  // If a signal to stop comes before there is a server, the server stops as soon as it has started.
  const stopped = new Promise<void>((resolve) => {
    const ignore = terminal.onStopSignal(() => {
      resolve();
      setTimeout(ignore, oneKeyPressMs).unref();
    });
  });
  const server = await start(config, { ...options, environment: terminal.environment });
  terminal.onReloadSignal(() => void server.reload());
  printBanner(server, config, terminal);
  await stopped;
  await server.close();
}

type ServeOptions = Pick<StartOptions, 'newStore' | 'warnings'>;

/** With one worker this process serves clients itself. */
function start(config: ServerConfig, options: StartOptions): Promise<RunningServer> {
  return (config.workers === 1 ? startServer : startPrimary)(config, options);
}

/**
 * Prints the banner. It shows the key only to a person, since in a file or a log it would stay, and only if it was not
 * given by the operator.
 */
function printBanner(server: RunningServer, config: ServerConfig, terminal: Terminal): void {
  const { masterKey } = server;
  const { announce, command } = terminal;
  const isShown = terminal.stdoutIsTerminal && config.masterKey === undefined;
  const facts = { version, server, config, engine: chooseEngine(config).name, command };
  const s3Secret = terminal.stdoutIsTerminal ? server.s3Key?.secret.expose((secret) => secret) : undefined;
  if (isShown && masterKey !== undefined)
    masterKey.expose((secret) => {
      announce(banner({ ...facts, secret, s3Secret }));
    });
  else announce(banner({ ...facts, secret: undefined, s3Secret }));
  masterKey?.wipe();
  server.s3Key?.secret.wipe();
}
