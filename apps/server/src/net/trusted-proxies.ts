import type { HttpHandler, HttpPeer, HttpRequest } from '@coffer/http';
import { plainAddress, type AddressRanges } from './addresses.ts';
import { forwardedClient } from './forwarded.ts';

/**
 * Gives the handler, as the peer of a request, the client that a trusted proxy names: its address, and whether it came
 * over TLS. A request whose headers name two clients, or none that can be read, is refused with 400. Such headers are
 * ignored if they come from any other peer.
 */
export function behindProxies(handler: HttpHandler, isTrusted: AddressRanges): HttpHandler {
  return async (request) => {
    const peer = clientPeer(request, isTrusted);
    return peer === undefined ? { status: 400, headers: [] } : handler({ ...request, peer });
  };
}

function clientPeer({ headers, peer }: HttpRequest, isTrusted: AddressRanges): HttpPeer | undefined {
  const plain = { ...peer, address: plainAddress(peer.address) };
  if (!isTrusted(peer.address)) return plain;
  const client = forwardedClient(headers, isTrusted);
  switch (client.kind) {
    case 'none':
      return plain;
    case 'unclear':
      return undefined;
    case 'client':
      // A loopback address there means the proxy's machine, not this one.
      return {
        address: client.hop.address ?? 'unknown',
        loopback: false,
        secure: client.hop.secure ?? peer.secure,
      };
  }
}
