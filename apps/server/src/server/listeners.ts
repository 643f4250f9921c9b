import { createB2Handler, type B2Options } from '@coffer/b2-protocol';
import type { HttpHandler, HttpRequest } from '@coffer/http';
import { beginInTurns } from '@coffer/http/node';
import { replicationPatience, type Storage } from '@coffer/storage-core';
import { keys, systemRandom, type MetadataStore } from '@coffer/storage-ports';
import { maxAdminConnections } from '../net/limits.ts';
import { listen, type Listener, type ListenOptions } from '../net/listener.ts';
import { originsOf, s3OriginOf, type ListenerUrls } from '../net/origins.ts';
import { createAdminHandler } from '../observe/admin-handler.ts';
import { warnOfFlood } from '../observe/flood-warning.ts';
import { warnOfPlainKeys } from '../observe/plain-key-warning.ts';
import { describeRequest, logFinishedRequest } from '../observe/request-log.ts';
import { logStorageState } from '../observe/storage-log.ts';
import { addressRanges } from '../net/addresses.ts';
import type { RefusedCredentials } from '../net/refused-credentials.ts';
import { behindProxies } from '../net/trusted-proxies.ts';
import { loadTls } from '../tls/tls-material.ts';
import type { S3Config } from '../config/s3-config.ts';
import { betweenFaces } from './faces.ts';
import type { Front } from './front.ts';
import { withFrontPage } from './front-page.ts';
import type { ServerContext } from './server-context.ts';

/** The listeners that clients use; undefined where one is off. */
export interface PublicListeners {
  readonly http: Listener | undefined;
  readonly https: Listener | undefined;
  /** For S3 only. */
  readonly s3: Listener | undefined;
}

/** What a handler of the S3 Compatible API is made of. */
interface S3Makings {
  readonly context: ServerContext;
  readonly storage: Storage;
  readonly protocol: S3Config['protocol'];
  /** Where the client of a request finds the server for S3. */
  readonly origin: (request: HttpRequest) => string;
  /** Slows down clients that guess; one for all protocols. */
  readonly refusedCredentials: RefusedCredentials;
}

/**
 * Makes the handler of the S3 Compatible API, which is served if the configuration has it. The handler calls the
 * `finished` of the context's tracker once for each request, after the last byte of its answer.
 */
export type MakeS3Handler = (makings: S3Makings) => HttpHandler;

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

/** HTTP and HTTPS, both for the same handler, and perhaps a listener for S3 only, which is HTTPS where TLS is on. */
export async function listenPublic(
  context: ServerContext,
  storage: Storage,
  makeS3: MakeS3Handler | undefined,
): Promise<PublicListeners> {
  const { config, clock, refusedCredentials } = context;
  const urls: { -readonly [Name in keyof ListenerUrls]: ListenerUrls[Name] } = {
    http: undefined,
    https: undefined,
    s3: undefined,
  };
  const origin = (request: HttpRequest): string => s3OriginOf(request, config, urls);
  const makings = { context, storage, origin, refusedCredentials };
  const s3Handler = config.s3 && makeS3 && context.tracker.wrap(makeS3({ ...makings, protocol: config.s3.protocol }));
  const b2 = b2Handler(context, storage, { origins: (request) => originsOf(request, config, urls) });
  const handler = publicHandler(context, mainHandler(context, b2, s3Handler), storage);
  const http = config.listen && (await listenWatched(context, handler, { key: 'listen', address: config.listen }));
  urls.http = http?.url;
  const material = config.https && (await loadTls(config.https.tls, clock.now()));
  const tls = material && { tls: material };
  const https =
    config.https &&
    (await listenWatched(context, handler, { key: 'httpsListen', address: config.https.listen, ...tls }));
  urls.https = https?.url;
  const apart = config.s3?.listen;
  const s3 =
    apart &&
    s3Handler &&
    (await listenWatched(context, publicHandler(context, s3Handler, storage), {
      key: 's3Listen',
      address: apart,
      ...tls,
    }));
  urls.s3 = s3?.url;
  return { http, https, s3 };
}

/** Listens with the limits of listeners that clients use. */
export async function listenWatched(
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

/** What the listeners of B2 answer: B2 and the page for browsers, and S3 unless that is off or on a listener apart. */
function mainHandler(
  { config, tracker }: ServerContext,
  b2Handler: HttpHandler,
  s3: HttpHandler | undefined,
): HttpHandler {
  const b2 = tracker.wrap(b2Handler);
  if (config.s3 === undefined || config.s3.listen !== undefined || s3 === undefined) return withFrontPage(b2, false);
  return betweenFaces({ b2: withFrontPage(b2, true), s3, domains: config.s3.protocol.domains });
}

/** The B2 Native API, as the configuration wants it; `own` is what differs from one listener to another. */
export function b2Handler(
  { config, clock, limits, tracker, metrics, logger, errorLog, refusedCredentials }: ServerContext,
  storage: Storage,
  own: Pick<B2Options, 'origins' | 'extension' | 'encryptedFilesWithheld'>,
): HttpHandler {
  return createB2Handler({
    storage,
    clock,
    random: systemRandom,
    ...config.protocol,
    ...own,
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
}

/** What is done for every request, whatever protocol it is meant for. */
export function publicHandler({ config, logger }: ServerContext, handler: HttpHandler, storage: Storage): HttpHandler {
  const watched = logStorageState(handler, () => storage.health(), logger);
  const answering = behindProxies(warnOfPlainKeys(watched, logger), addressRanges(config.trustedProxy));
  return beginInTurns(answering, requestsPerTurn);
}
