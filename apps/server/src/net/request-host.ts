import type { HttpRequest } from '@coffer/http';

/** RFC 9110 section 7.2: uri-host [ ":" port ], limited to the characters that occur in real names and addresses. */
const hostSyntax = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,253}[A-Za-z0-9.])?|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

/** The value of the request's Host header; undefined if it is missing, repeated or no host. */
export function requestHost({ headers }: Pick<HttpRequest, 'headers'>): string | undefined {
  const [host, ...others] = headers.getAll('Host');
  return host === undefined || others.length > 0 || !hostSyntax.test(host) ? undefined : host;
}

/** The host without its port. */
export function withoutPort(host: string): string {
  return host.replace(/:\d{0,5}$/, '');
}

/**
 * What stands before a base domain in a host, which may have a port: the bucket of a request to `<bucket>.<domain>`.
 * Undefined if the host is a base domain itself, or below none. Of several domains that fit, the longest counts.
 *
 * @param domains In small letters.
 */
export function bucketInHost(host: string, domains: readonly string[]): string | undefined {
  const name = withoutPort(host).toLowerCase().replace(/\.$/, '');
  if (domains.includes(name)) return undefined;
  const above = domains.filter((domain) => name.endsWith(`.${domain}`));
  const [domain] = above.toSorted((a, b) => b.length - a.length);
  const bucket = domain === undefined ? '' : name.slice(0, -domain.length - 1);
  return bucket === '' ? undefined : bucket;
}
