import { authorityOf } from '../request-target.ts';
import type { Exchange } from './exchange.ts';
import { headerBytesOf } from './node-request.ts';

/**
 * The status of a request whose head is refused before any handler sees it; undefined for one that is in order.
 *
 * Node undoes the chunked coding only. RFC 9112 section 6.1 suggests 501 for others, but storage clients repeat a 5xx
 * for ever, and this one never gets better.
 */
export function refusalOf({ message, request, settings }: Exchange): 400 | 431 | undefined {
  if (headerBytesOf(message) > settings.maxHeaderBytes) return 431;
  const coding = message.headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') return 400;
  return namesOneHost(request.target, request.headers.getAll('host')) ? undefined : 400;
}

/**
 * Whether the request names one host only. Where there are two `Host` lines (RFC 9112 section 3.2), or the target names
 * another host than `Host` does (section 3.2.2), a proxy in front could use one and this server the other.
 */
function namesOneHost(target: string, hosts: readonly string[]): boolean {
  if (hosts.length > 1) return false;
  const authority = authorityOf(target);
  const [host] = hosts;
  if (authority === undefined || host === undefined) return true;
  return sameAuthority(authority, host.trim());
}

function sameAuthority({ scheme, authority }: { scheme: string; authority: string }, host: string): boolean {
  const plain = (text: string): string => {
    const lower = text.toLowerCase();
    if (scheme === 'http') return lower.replace(/:80$/, '');
    return scheme === 'https' ? lower.replace(/:443$/, '') : lower;
  };
  return plain(authority) === plain(host);
}
