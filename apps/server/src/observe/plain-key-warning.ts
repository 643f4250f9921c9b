import type { HttpHandler, HttpRequest } from '@coffer/http';
import type { Logger } from 'pino';
import { addressOwner } from '../net/addresses.ts';

/** The most addresses that are remembered; then the one that was seen first is forgotten. */
const mostAddresses = 10_000;

/** Warns, once per address, of application keys that come over a connection which others can read. */
export function warnOfPlainKeys(handler: HttpHandler, logger: Logger): HttpHandler {
  const warned = new Set<string>();
  return (request) => {
    if (carriesPlainKey(request)) warn(request.peer.address);
    return handler(request);
  };

  function warn(address: string): void {
    const owner = addressOwner(address);
    if (warned.has(owner)) return;
    const [first] = warned;
    if (warned.size >= mostAddresses && first !== undefined) warned.delete(first);
    warned.add(owner);
    logger.warn({ peer: address }, 'an application key came over plain HTTP, where others can read it: use HTTPS');
  }
}

function carriesPlainKey({ headers, peer }: HttpRequest): boolean {
  return !peer.secure && !peer.loopback && /^basic /i.test(headers.get('authorization') ?? '');
}
