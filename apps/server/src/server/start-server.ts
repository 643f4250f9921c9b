import type { ServerConfig } from '../config/server-config.ts';
import { shutdownGraceMs } from '../net/limits.ts';
import type { Listener } from '../net/listener.ts';
import { trustFile } from '../tls/tls-material.ts';
import { startDeliveries } from './deliveries.ts';
import { listenAdmin, listenPublic } from './listeners.ts';
import { startLifecycleWorker } from './lifecycle-worker.ts';
import { openStorage, type OpenedStorage } from './open-storage.ts';
import type { RunningServer } from './running-server.ts';
import { createContext, type ServerContext, type StartOptions } from './server-context.ts';

/**
 * Starts a server: takes the data directory, opens or makes keys and store, finishes what a crash interrupted, and listens.
 *
 * @throws StartupError for what an operator can mend; nothing is left open then.
 */
export async function startServer(config: ServerConfig, options: StartOptions = {}): Promise<RunningServer> {
  const context = createContext(config, options);
  try {
    return await start(context);
  } catch (error) {
    await context.cleanup.run().catch(() => undefined);
    throw error;
  }
}

async function start(context: ServerContext): Promise<RunningServer> {
  const { config, logger } = context;
  const opened = await openStorage(config, context);
  // Before recovery, which may take a while: whoever watches sees that the server is starting.
  const admin = await listenAdmin(context, opened);
  const account = await prepare(context, opened);
  const { http, https } = await listenPublic(context, opened.storage);
  startDeliveries(context, opened.storage);
  applyLifecycleRules(context, opened);
  context.state = 'ready';
  const urls = { http: http?.url, https: https?.url, admin: admin?.url };
  logger.info({ ...urls, data: config.data }, 'ready');
  const listeners = [http, https].filter((listener) => listener !== undefined);
  let closed: Promise<void> | undefined;
  const certificateFile = config.https && trustFile(config.https.tls);
  return {
    urls,
    masterKeyId: account.masterKey.applicationKeyId,
    ...(account.secret && { masterKey: account.secret }),
    ...(certificateFile !== undefined && { certificateFile }),
    close: (graceMs = shutdownGraceMs) => (closed ??= stop(context, listeners, graceMs)),
  };
}

async function prepare({ config, logger }: ServerContext, { storage, keyringCreated }: OpenedStorage) {
  if (keyringCreated) logger.info({ keys: config.keys }, 'made a new keyring; back it up apart from the data');
  const recovered = await storage.recovery.recover();
  logger.info(recovered, 'recovered');
  return storage.accounts.bootstrap(config.masterKey && { masterKey: config.masterKey });
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

/** Listeners first, each given its grace; then requests that lost their connection, since the store must outlive them. */
async function stop(context: ServerContext, listeners: readonly Listener[], graceMs: number): Promise<void> {
  const { logger, tracker, cleanup } = context;
  context.state = 'stopping';
  logger.info({ active: tracker.active }, 'stopping');
  tracker.stop();
  await Promise.all(listeners.map((listener) => listener.close(graceMs)));
  await tracker.idle();
  await cleanup.run();
  logger.info('stopped');
}
