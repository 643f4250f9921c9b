import type { B2Origins } from '@coffer/b2-protocol';
import type { HttpRequest } from '@coffer/http';

/** The listeners' own URLs, without a slash at the end. */
export interface ListenerUrls {
  readonly http: string | undefined;
  readonly https: string | undefined;
}

/** RFC 9110 section 7.2: uri-host [ ":" port ], limited to the characters that occur in real names and addresses. */
const hostSyntax = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,253}[A-Za-z0-9.])?|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

/**
 * Where a client is to send its next requests: the configured public URL, otherwise the host that the client itself
 * used, with the scheme of its connection. A Host header that is missing, repeated or no host is answered with the
 * listener's own address.
 */
export function originsOf(request: HttpRequest, publicUrl: string | undefined, urls: ListenerUrls): B2Origins {
  const origin = publicUrl ?? requestedOrigin(request) ?? ownOrigin(request, urls);
  return { apiUrl: origin, downloadUrl: origin, s3ApiUrl: origin };
}

function requestedOrigin({ headers, peer }: HttpRequest): string | undefined {
  const [host, ...others] = headers.getAll('Host');
  if (host === undefined || others.length > 0 || !hostSyntax.test(host)) return undefined;
  return `${peer.secure ? 'https' : 'http'}://${host}`;
}

function ownOrigin({ peer }: HttpRequest, { http, https }: ListenerUrls): string {
  // The request came in through one of the two listeners, so its URL is defined.
  return (peer.secure ? https : http) ?? '';
}
