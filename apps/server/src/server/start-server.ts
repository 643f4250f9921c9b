import { createB2Handler } from '@coffer/b2-protocol';
import type { HttpHandler } from '@coffer/http';
import { keys, systemClock, systemRandom, type Clock } from '@coffer/storage-ports';
import type { Storage } from '@coffer/storage-core';
import type { DestinationStream, Logger } from 'pino';
import type { ServerConfig } from '../config/server-config.ts';
import type { Environment } from '../keys/root-key-source.ts';
import { shutdownGraceMs } from '../net/limits.ts';
import { listen, type Listener } from '../net/listener.ts';
import { originsOf } from '../net/origins.ts';
import { createRequestTracker, type RequestTracker } from '../net/request-tracker.ts';
import { createAdminHandler, type ServerState } from '../observe/admin-handler.ts';
import { createLogger } from '../observe/logger.ts';
import { createMetrics, type Metrics } from '../observe/metrics.ts';
import { describeRequest, logFinishedRequest, logRequests } from '../observe/request-log.ts';
import { loadTls, trustFile } from '../tls/tls-material.ts';
import { createCleanup, type Cleanup } from './cleanup.ts';
import { openStorage, type OpenedStorage } from './open-storage.ts';
import type { RunningServer } from './running-server.ts';

/** What a server takes from its process. */
export interface StartOptions {
  /** For the variables that the configuration names; the process's environment by default. */
  readonly environment?: Environment;
  readonly clock?: Clock;
  /** Where the log goes; stderr by default. */
  readonly logDestination?: DestinationStream;
}

interface Context {
  readonly config: ServerConfig;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tracker: RequestTracker;
  readonly metrics: Metrics;
  readonly cleanup: Cleanup;
  state: ServerState;
}

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

function createContext(config: ServerConfig, options: StartOptions): Context {
  const { environment = process.env, clock = systemClock, logDestination } = options;
  const { logLevel, logFormat } = config;
  const tracker = createRequestTracker();
  return {
    config,
    environment,
    clock,
    logger: createLogger({ logLevel, logFormat, ...(logDestination && { destination: logDestination }) }),
    tracker,
    metrics: createMetrics(() => tracker.active),
    cleanup: createCleanup(),
    state: 'starting',
  };
}

async function start(context: Context): Promise<RunningServer> {
  const { config, logger } = context;
  const opened = await openStorage(config, context);
  // Before recovery, which may take a while: whoever watches sees that the server is starting.
  const admin = await listenAdmin(context, opened);
  const account = await prepare(context, opened);
  const { http, https } = await listenPublic(context, opened.storage);
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

async function prepare({ config, logger }: Context, { storage, keyringCreated }: OpenedStorage) {
  if (keyringCreated) logger.info({ keys: config.keys }, 'made a new keyring; back it up apart from the data');
  const recovered = await storage.recovery.recover();
  logger.info(recovered, 'recovered');
  return storage.accounts.bootstrap(config.masterKey && { masterKey: config.masterKey });
}

async function listenAdmin(context: Context, { metadata }: OpenedStorage): Promise<Listener | undefined> {
  const { config, metrics, cleanup } = context;
  if (config.adminListen === undefined) return undefined;
  const handler = createAdminHandler({
    state: () => context.state,
    checkStore: () => metadata.get('counters', keys.counters('account')),
    metrics,
  });
  const listener = await listen(handler, { address: config.adminListen });
  // Nobody waits for a scrape: the last one to close, without grace.
  cleanup.add(() => listener.close(0));
  return listener;
}

async function listenPublic(
  context: Context,
  storage: Storage,
): Promise<Record<'http' | 'https', Listener | undefined>> {
  const { config, clock, cleanup, logger } = context;
  const listeners: Record<'http' | 'https', Listener | undefined> = { http: undefined, https: undefined };
  const handler = publicHandler(context, storage, () => ({ http: listeners.http?.url, https: listeners.https?.url }));
  const onError: Parameters<typeof listen>[1]['onError'] = (error, request) => {
    logger.error({ err: error, request: describeRequest(request) }, 'an answer failed');
  };
  if (config.listen !== undefined) {
    const http = await listen(handler, { address: config.listen, onError });
    cleanup.add(() => http.close(0));
    listeners.http = http;
  }
  if (config.https !== undefined) {
    const tls = await loadTls(config.https.tls, clock.now());
    const https = await listen(handler, { address: config.https.listen, tls, onError });
    cleanup.add(() => https.close(0));
    listeners.https = https;
  }
  return listeners;
}

function publicHandler(
  { config, clock, tracker, metrics, logger }: Context,
  storage: Storage,
  urls: () => Parameters<typeof originsOf>[2],
): HttpHandler {
  const { recommendedPartSize, allowInsecureCustomerKeys, allowKeylessHead, publicUrl } = config;
  const handler = createB2Handler({
    storage,
    clock,
    random: systemRandom,
    origins: (request) => originsOf(request, publicUrl, urls()),
    recommendedPartSize,
    allowInsecureCustomerKeys,
    allowKeylessHead,
    onRequest: (event) => {
      tracker.finished();
      metrics.requestFinished(event);
      logFinishedRequest(logger, event);
    },
    onError: (error, requestId) => {
      metrics.errorSeen(error);
      logger.error({ err: error, requestId }, 'a request failed');
    },
  });
  return tracker.wrap(logRequests(handler, logger));
}

/** Listeners first, each given its grace; then requests that lost their connection, since the store must outlive them. */
async function stop(context: Context, listeners: readonly Listener[], graceMs: number): Promise<void> {
  const { logger, tracker, cleanup } = context;
  context.state = 'stopping';
  logger.info({ active: tracker.active }, 'stopping');
  tracker.stop();
  await Promise.all(listeners.map((listener) => listener.close(graceMs)));
  await tracker.idle();
  await cleanup.run();
  logger.info('stopped');
}
