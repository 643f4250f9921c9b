import { createB2Handler } from '@coffer/b2-protocol';
import type { HttpHandler } from '@coffer/http';
import type { Storage } from '@coffer/storage-core';
import { keys, systemRandom, type MetadataStore } from '@coffer/storage-ports';
import { maxAdminConnections } from '../net/limits.ts';
import { listen, type Listener, type ListenOptions } from '../net/listener.ts';
import { originsOf, type ListenerUrls } from '../net/origins.ts';
import { createAdminHandler } from '../observe/admin-handler.ts';
import { warnOfFlood } from '../observe/flood-warning.ts';
import { describeRequest, logFinishedRequest, logRequests } from '../observe/request-log.ts';
import { loadTls } from '../tls/tls-material.ts';
import type { Front } from './front.ts';
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
  const listener = await listen(handler, { address: config.adminListen, maxConnections: maxAdminConnections });
  // Nobody waits for a scrape: the last one to close, without grace.
  cleanup.add(() => listener.close(0));
  return listener;
}

/** HTTP and HTTPS, both for the same handler. */
export async function listenPublic(context: ServerContext, storage: Storage): Promise<PublicListeners> {
  const { config, clock } = context;
  const urls: { -readonly [Name in keyof ListenerUrls]: string | undefined } = { http: undefined, https: undefined };
  const handler = publicHandler(context, storage, urls);
  const http = config.listen && (await listenWatched(context, handler, { address: config.listen }));
  urls.http = http?.url;
  const tls = config.https && (await loadTls(config.https.tls, clock.now()));
  const https = config.https && tls && (await listenWatched(context, handler, { address: config.https.listen, tls }));
  urls.https = https?.url;
  return { http, https };
}

async function listenWatched(
  { config: { maxConnections }, limits, clock, logger, metrics, cleanup }: ServerContext,
  handler: HttpHandler,
  options: Pick<ListenOptions, 'address' | 'tls'>,
): Promise<Listener> {
  const onError: ListenOptions['onError'] = (error, request) => {
    metrics.errorSeen(error);
    logger.error({ err: error, request: describeRequest(request) }, 'an answer failed');
  };
  const warn = warnOfFlood(logger, clock, maxConnections);
  const onRefused = (): void => {
    metrics.connectionRefused();
    warn();
  };
  const listener = await listen(handler, { ...options, limits, maxConnections, onError, onRefused });
  cleanup.add(() => listener.close(0));
  return listener;
}

function publicHandler(
  { config, clock, limits, tracker, metrics, logger }: ServerContext,
  storage: Storage,
  urls: ListenerUrls,
): HttpHandler {
  const { recommendedPartSize, allowInsecureCustomerKeys, allowKeylessHead, publicUrl, testMode, webhooks } = config;
  const { strictFileNames, grantOnlyOwnCapabilities } = config;
  const handler = createB2Handler({
    storage,
    clock,
    random: systemRandom,
    origins: (request) => originsOf(request, publicUrl, urls),
    recommendedPartSize,
    allowInsecureCustomerKeys,
    allowKeylessHead,
    strictFileNames,
    grantOnlyOwnCapabilities,
    allowHttpWebhooks: webhooks.allowHttp,
    jsonTimeoutMs: limits.jsonTimeoutMs,
    ...(testMode && { testMode }),
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
