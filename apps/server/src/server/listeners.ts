import { createB2Handler } from '@coffer/b2-protocol';
import type { HttpHandler } from '@coffer/http';
import { beginInTurns } from '@coffer/http/node';
import { replicationPatience, type Storage } from '@coffer/storage-core';
import { keys, systemRandom, type MetadataStore } from '@coffer/storage-ports';
import { maxAdminConnections } from '../net/limits.ts';
import { listen, type Listener, type ListenOptions } from '../net/listener.ts';
import { originsOf, type ListenerUrls } from '../net/origins.ts';
import { createAdminHandler } from '../observe/admin-handler.ts';
import { warnOfFlood } from '../observe/flood-warning.ts';
import { warnOfPlainKeys } from '../observe/plain-key-warning.ts';
import { describeRequest, logFinishedRequest } from '../observe/request-log.ts';
import { addressRanges } from '../net/addresses.ts';
import { RefusedCredentials } from '../net/refused-credentials.ts';
import { behindProxies } from '../net/trusted-proxies.ts';
import { loadTls } from '../tls/tls-material.ts';
import type { Front } from './front.ts';
import { withFrontPage } from './front-page.ts';
import type { ServerContext } from './server-context.ts';

/** The listeners that clients use; undefined where one is off. */
export interface PublicListeners {
  readonly http: Listener | undefined;
  readonly https: Listener | undefined;
}

/** The operator's listener, unless it is off. */
export async function listenAdmin(
  context: ServerContext,
  metadata: MetadataStore,
  front: Front,
): Promise<Listener | undefined> {
  const { config, metrics, cleanup } = context;
  if (config.adminListen === undefined) return undefined;
  metrics.watchStorage(() => front.health());
  const handler = createAdminHandler({
    state: () => context.state,
    checkStore: () => metadata.get('counters', keys.counters('account')),
    front,
  });
  const listener = await listen(handler, {
    key: 'adminListen',
    address: config.adminListen,
    bound: context.ports.take('adminListen'),
    maxConnections: maxAdminConnections,
  });
  // Closed last, and without a grace period, since nobody has to wait for a scrape.
  cleanup.add(() => listener.close(0));
  return listener;
}

/** HTTP and HTTPS, both for the same handler. */
export async function listenPublic(context: ServerContext, storage: Storage): Promise<PublicListeners> {
  const { config, clock } = context;
  const urls: { -readonly [Name in keyof ListenerUrls]: string | undefined } = { http: undefined, https: undefined };
  const handler = publicHandler(context, storage, urls);
  const http = config.listen && (await listenWatched(context, handler, { key: 'listen', address: config.listen }));
  urls.http = http?.url;
  const tls = config.https && (await loadTls(config.https.tls, clock.now()));
  const https =
    config.https &&
    tls &&
    (await listenWatched(context, handler, { key: 'httpsListen', address: config.https.listen, tls }));
  urls.https = https?.url;
  return { http, https };
}

async function listenWatched(
  context: ServerContext,
  handler: HttpHandler,
  options: Pick<ListenOptions, 'key' | 'address' | 'tls'>,
): Promise<Listener> {
  const { config, limits, ports, cleanup } = context;
  const onError: ListenOptions['onError'] = (error, request) => {
    context.errorLog(error, { request: describeRequest(request) }, 'an answer failed');
  };
  const { maxConnections } = config;
  const watched = { limits, maxConnections, onError, ...connectionLimits(context) };
  const listener = await listen(handler, { ...options, bound: ports.take(options.key), ...watched });
  cleanup.add(() => listener.close(0));
  return listener;
}

/** The limits of connections, and what happens to those that exceed them. */
function connectionLimits({
  config,
  clock,
  logger,
  metrics,
}: ServerContext): Pick<ListenOptions, 'onRefused' | 'share'> {
  const { maxConnections, maxConnectionsPerAddress: most, trustedProxy } = config;
  const warnOfAll = warnOfFlood(logger, clock, 'too many connections: new ones are refused');
  const warnOfOne = warnOfFlood(logger, clock, 'too many connections of one address: new ones of it are refused');
  return {
    onRefused: () => {
      metrics.connectionRefused();
      warnOfAll({ maxConnections });
    },
    share: {
      most,
      isExempt: addressRanges(trustedProxy),
      onRefused: (peer) => {
        metrics.connectionRefused();
        warnOfOne({ peer, maxConnectionsPerAddress: most });
      },
    },
  };
}

/**
 * Requests that begin in one turn of the event loop. Some milliseconds of work: long enough that asking the system for
 * new input afterwards costs little in comparison, and short for a request that has begun and waits for its next step.
 */
const requestsPerTurn = 4;

function publicHandler(
  { config, clock, timer, limits, tracker, metrics, logger, errorLog }: ServerContext,
  storage: Storage,
  urls: ListenerUrls,
): HttpHandler {
  const refusedCredentials = new RefusedCredentials({ clock, timer, logger, longestDelayMs: limits.refusalDelayMs });
  const handler = createB2Handler({
    storage,
    clock,
    random: systemRandom,
    origins: (request) => originsOf(request, config.publicUrl, urls),
    ...config.protocol,
    jsonTimeoutMs: limits.jsonTimeoutMs,
    onRequest: (event, request) => {
      tracker.finished();
      metrics.requestFinished(event);
      logFinishedRequest(logger, event, request);
    },
    onRefusedCredentials: (request) => refusedCredentials.refused(request),
    onReplicationRules: (bucketId) => {
      const minutes = replicationPatience / 60_000;
      const shown = `their files are shown as PENDING for ${minutes} minutes and then as FAILED`;
      logger.warn({ bucketId }, `a bucket has replication rules, and this server does not replicate: ${shown}`);
    },
    onError: (error, requestId) => {
      errorLog(error, { requestId }, 'a request failed');
    },
  });
  const answering = withFrontPage(tracker.wrap(handler));
  const answeringAll = behindProxies(warnOfPlainKeys(answering, logger), addressRanges(config.trustedProxy));
  return beginInTurns(answeringAll, requestsPerTurn);
}
