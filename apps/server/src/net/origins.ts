import type { B2Origins } from '@coffer/b2-protocol';
import type { HttpRequest } from '@coffer/http';
import type { S3Config } from '../config/s3-config.ts';
import { bucketInHost, requestHost, withoutPort } from './request-host.ts';

/** The listeners' own URLs, without a slash at the end. */
export interface ListenerUrls {
  readonly http: string | undefined;
  readonly https: string | undefined;
  /** Of the listener for S3 only; undefined where there is none. */
  readonly s3: string | undefined;
}

/** What the configuration says of where clients find the server. */
export interface PublicPlaces {
  readonly publicUrl: string | undefined;
  readonly s3: (Pick<S3Config, 'publicUrl'> & { readonly protocol: Pick<S3Config['protocol'], 'domains'> }) | undefined;
}

/**
 * Where a client of B2 is to send its next requests: the configured public URL, otherwise the host that the client
 * itself used, with the scheme of its connection. A Host header that is missing, repeated or no host is answered with
 * the listener's own address. S3 is at its own public URL or on its own listener if there is one, otherwise at the same
 * place.
 */
export function originsOf(request: HttpRequest, { publicUrl, s3 }: PublicPlaces, urls: ListenerUrls): B2Origins {
  const origin = publicUrl ?? requestedOrigin(request) ?? ownOrigin(request, urls);
  return { apiUrl: origin, downloadUrl: origin, s3ApiUrl: s3?.publicUrl ?? originApart(request, urls) ?? origin };
}

/**
 * Where a client of S3 finds the server: as {@link originsOf} says, for a request that came to S3. A bucket in the host
 * name is left out.
 */
export function s3OriginOf(request: HttpRequest, { publicUrl, s3 }: PublicPlaces, urls: ListenerUrls): string {
  const shared = urls.s3 === undefined ? publicUrl : undefined;
  const requested = requestedOrigin(request, s3?.protocol.domains);
  return s3?.publicUrl ?? shared ?? requested ?? urls.s3 ?? ownOrigin(request, urls);
}

/**
 * Where a client that came to the listener of the web console finds the listeners of clients: the configured public
 * URL, otherwise the host name that the client used for the console, with the scheme and the port of the main listener,
 * unless that listens at one address of a network only.
 */
export function consoleOriginsOf(request: HttpRequest, { publicUrl, s3 }: PublicPlaces, urls: ListenerUrls): B2Origins {
  const main = urls.https ?? urls.http ?? '';
  const origin = publicUrl ?? reachable(request, main);
  const apart = urls.s3 && reachable(request, urls.s3);
  return { apiUrl: origin, downloadUrl: origin, s3ApiUrl: s3?.publicUrl ?? apart ?? origin };
}

/** A listener that is bound to one address of a network is reached there only, whatever the console is called. */
function reachable(request: HttpRequest, url: string): string {
  const host = url === '' ? '' : new URL(url).hostname;
  const isEverywhere = host === '' || /^(?:localhost|127\..*|0\.0\.0\.0|\[::1?\])$/.test(host);
  return isEverywhere ? underRequestedName(request, url) : url;
}

function requestedOrigin(request: HttpRequest, domains: readonly string[] = []): string | undefined {
  const host = requestHost(request);
  if (host === undefined) return undefined;
  const bucket = bucketInHost(host, domains);
  const base = bucket === undefined ? host : host.slice(bucket.length + 1);
  return `${request.peer.secure ? 'https' : 'http'}://${base}`;
}

/** The listener for S3 under the name by which the client reached this machine; undefined without such a listener. */
function originApart(request: HttpRequest, { s3 }: ListenerUrls): string | undefined {
  return s3 && underRequestedName(request, s3);
}

/** The URL of a listener, under the name by which the client reached this machine. */
function underRequestedName(request: HttpRequest, url: string): string {
  const host = requestHost(request);
  if (host === undefined || url === '') return url;
  const { port, protocol } = new URL(url);
  return `${protocol}//${withoutPort(host)}${port === '' ? '' : `:${port}`}`;
}

function ownOrigin({ peer }: HttpRequest, { http, https }: ListenerUrls): string {
  // The request came in through one of the two listeners, so its URL is defined.
  return (peer.secure ? https : http) ?? '';
}
