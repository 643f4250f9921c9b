import { join } from 'node:path';
import type { ServerConfig } from '../config/server-config.ts';
import { readCursorFile, scrubFileName, writeCursorFile, type KeptRuns } from '../data/cursor-file.ts';
import { lockDirectory } from '../data/directory-lock.ts';
import { shutdownGraceMs } from '../net/limits.ts';
import type { Listener } from '../net/listener.ts';
import { StartupError, systemErrorCode } from '../startup-error.ts';
import { engineWarning } from '../store/choose-engine.ts';
import { isServed } from '../store/store-facts.ts';
import { loadTls, trustFile } from '../tls/tls-material.ts';
import { startClockKeeper } from './clock-keeper.ts';
import { startDeliveries } from './deliveries.ts';
import type { Front } from './front.ts';
import { listenAdmin } from './listeners.ts';
import { startLifecycleWorker } from './lifecycle-worker.ts';
import { createLocalFront } from './local-front.ts';
import { completeSettings, type MemoryServer, type MemorySettings } from './memory-server.ts';
import { openMemoryStorage } from './open-memory.ts';
import { openStorage, type OpenedStorage } from './open-storage.ts';
import { prepareAccount } from './prepare-account.ts';
import { tendQuarantine } from './quarantine-worker.ts';
import { leftInPlace, logRecovery } from './recovery-log.ts';
import { chooseConsole, listenConsole, type ChosenConsole } from './console-listener.ts';
import type { RunningServer } from './running-server.ts';
import { startScrubWorker } from './scrub-worker.ts';
import { makeSnapshots } from './snapshots.ts';
import { createContext, type ServerContext, type StartOptions } from './server-context.ts';
import { resumeDeletions } from './waiting-deletions.ts';

/** Makes the front, which answers clients; the front is opened later. */
export type MakeFront = (context: ServerContext, opened: OpenedStorage) => Front;

/**
 * Starts a server in this process, whatever number of workers is configured: takes the data directory, opens or makes
 * keys and store, finishes what a crash interrupted, and listens.
 *
 * With the settings `{ memory: true }`, everything is kept in memory until the server is closed, and no file is made.
 * It listens on a free port of this machine and logs warnings only, unless the settings say otherwise.
 *
 * @throws StartupError for what an operator can mend, ConfigError for wrong settings; then nothing is left open.
 */
export function startServer(settings: MemorySettings, options?: StartOptions): Promise<MemoryServer>;
export function startServer(config: ServerConfig, options?: StartOptions): Promise<RunningServer>;
export async function startServer(
  config: ServerConfig | MemorySettings,
  options: StartOptions = {},
): Promise<RunningServer> {
  return startBehind(completeSettings(config), options, createLocalFront);
}

/** Like {@link startServer}, with another front. */
export async function startBehind(
  config: ServerConfig,
  options: StartOptions,
  makeFront: MakeFront,
): Promise<RunningServer> {
  const context = await createContext(config, options);
  try {
    const warnings = [...(options.warnings ?? []), engineWarning(config)];
    for (const warning of warnings) if (warning !== undefined) context.logger.warn(warning);
    const console = await chooseConsole(context);
    const served = await reservePorts(context, console);
    return await start(context, makeFront, served);
  } catch (error) {
    await context.cleanup.run().catch(() => undefined);
    throw error;
  }
}

/**
 * Binds the ports before anything is made, so that a first start that cannot listen leaves nothing behind and can be
 * repeated as a first start. Returns the console that can be served: nothing if its port is taken and is only the
 * default.
 */
async function reservePorts(
  { config, logger, ports, cleanup }: ServerContext,
  console: ChosenConsole | undefined,
): Promise<ChosenConsole | undefined> {
  const { data, listen, https, s3, adminListen } = config;
  const consoleListen = console?.config.isWanted === true ? console.config.listen : undefined;
  const wanted = { listen, httpsListen: https?.listen, s3Listen: s3?.listen, adminListen, consoleListen };
  cleanup.add(() => ports.release());
  try {
    await ports.reserve(wanted);
  } catch (error) {
    if (!isTaken(error) || !(await isServed(data))) throw error;
    // If the port is taken because the same server runs already, this throws an error that says so. Workers of a killed
    // server keep its port and lock until they have ended.
    await (await lockDirectory(data)).release();
    await ports.release();
    await ports.reserve(wanted);
  }
  // A missing certificate of the operator is reported now, too.
  if (https?.tls.kind === 'files') await loadTls(https.tls, 0);
  if (console === undefined || consoleListen !== undefined) return console;
  return (await reserveDefault(console, { logger, ports })) ? console : undefined;
}

/** Whether the console's default port can be had. Another server on this machine may have it, and that does no harm. */
async function reserveDefault(
  { config: { listen } }: ChosenConsole,
  { logger, ports }: Pick<ServerContext, 'logger' | 'ports'>,
): Promise<boolean> {
  try {
    await ports.reserve({ consoleListen: listen });
    return true;
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    logger.warn(`The web console is not served. ${error.message}`);
    return false;
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof StartupError && systemErrorCode(error.cause) === 'EADDRINUSE';
}

async function start(
  context: ServerContext,
  makeFront: MakeFront,
  chosen: ChosenConsole | undefined,
): Promise<RunningServer> {
  const { config, logger } = context;
  const opened = await (config.memory ? openMemoryStorage : openStorage)(config, context);
  const front = makeFront(context, opened);
  // Opened before recovery, which may take a while, so that monitoring sees that the server is starting.
  const admin = await listenAdmin(context, opened.metadata, front);
  const { account, s3Key } = await prepare(context, opened);
  const listening = await front.open();
  const { accountId: operatorAccountId } = account;
  const parts = { ...opened, front, operatorAccountId, urls: listening };
  const console = chosen && (await listenConsole(context, chosen, parts));
  await keepClock(context, opened);
  startDeliveries(context, opened.storage);
  applyLifecycleRules(context, opened);
  makeSnapshots(context, opened.storage);
  scrub(context, opened.storage);
  resumeDeletions(context, opened.storage);
  context.state = 'ready';
  const urls = { ...listening, admin: admin?.url, console: console?.url };
  logger.info({ ...urls, data: config.memory ? 'in memory' : config.data }, 'ready');
  let closed: Promise<void> | undefined;
  const certificateFile = config.https && trustFile(config.https.tls);
  return {
    urls,
    masterKeyId: account.masterKey.applicationKeyId,
    ...(account.secret && { masterKey: account.secret }),
    ...(s3Key && { s3Key }),
    ...(certificateFile !== undefined && { certificateFile }),
    reload: async () => {
      // One after the other: both may make a new certificate for development.
      await front.reload();
      if (console) await renewCertificate(context, console);
    },
    close: (graceMs = shutdownGraceMs) => (closed ??= stop(context, { front, console }, graceMs)),
  };
}

async function prepare(context: ServerContext, { storage, keyringCreated }: OpenedStorage) {
  const { config, logger } = context;
  if (keyringCreated) logger.info({ keys: config.keys }, 'made a new keyring; back it up apart from the data');
  await storage.recovery.renewProof();
  const recovered = await storage.recovery.recover();
  logRecovery(logger, recovered);
  await tendQuarantine(context, storage.recovery.quarantine, leftInPlace(recovered));
  return prepareAccount(context, storage);
}

/**
 * Called before the work in the background starts, so that the operator learns of a doubted clock before learning what
 * it stops.
 */
async function keepClock(
  { timer, logger, metrics, cleanup }: ServerContext,
  { storage }: OpenedStorage,
): Promise<void> {
  const keeper = await startClockKeeper({ clock: storage.clock, timer, logger });
  metrics.watchClock(() => keeper.isDoubted());
  cleanup.add(() => keeper.stop());
}

function applyLifecycleRules(
  { config, timer, logger, metrics, cleanup }: ServerContext,
  { storage: { lifecycle } }: OpenedStorage,
): void {
  const onError = (error: unknown): void => {
    metrics.errorSeen(error);
  };
  const worker = startLifecycleWorker({ lifecycle, intervalSeconds: config.lifecycleInterval, timer, logger, onError });
  cleanup.add(() => worker.stop());
}

/** Verifies all that is stored, again and again, and keeps in the data directory how far that has come. */
function scrub(
  { config, clock, timer, logger, metrics, cleanup }: ServerContext,
  { verification }: Pick<OpenedStorage['storage'], 'verification'>,
): void {
  const { intervalSeconds } = config.scrub;
  if (intervalSeconds === 0) return;
  const memory = config.memory ? forgetfulMemory : memoryIn(join(config.data, scrubFileName));
  const onError = (error: unknown): void => {
    metrics.errorSeen(error);
  };
  const worker = startScrubWorker({ verification, ...config.scrub, memory, clock, timer, logger, onError });
  metrics.watchScrub(() => worker.figures);
  cleanup.add(() => worker.stop());
}

/** Keeps the progress of verifications in the background in a file. */
const memoryIn = (path: string) => ({
  load: () => readCursorFile(path),
  save: (kept: KeptRuns) => writeCursorFile(path, kept),
});

/** Keeps no progress: a store in memory is always verified from its beginning. */
const forgetfulMemory = { load: () => Promise.resolve(undefined), save: () => Promise.resolve() };

async function renewCertificate({ config, clock, logger }: ServerContext, console: Listener): Promise<void> {
  try {
    if (config.https) console.renew(await loadTls(config.https.tls, clock.now()));
  } catch (error) {
    logger.error({ err: error }, 'the certificate of the console cannot be reloaded');
  }
}

/** What answers clients. */
interface Answering {
  readonly front: Front;
  readonly console: Listener | undefined;
}

/** Stops answering clients first, since the store must stay open until their requests have ended. */
async function stop(context: ServerContext, { front, console }: Answering, graceMs: number): Promise<void> {
  const { logger, cleanup, tracker } = context;
  context.state = 'stopping';
  // Before the listeners are closed, so that answers ask clients to close their connections.
  tracker.stop();
  await Promise.all([front.close(graceMs), console?.close(graceMs)]);
  // Requests that lost their connection may still be at work.
  await tracker.idle();
  await cleanup.run();
  logger.info('stopped');
}
