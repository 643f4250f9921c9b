import { lookup as systemLookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { allowList } from './allow-list.ts';
import { isPublicAddress } from './public-address.ts';

/** Where webhooks may go. */
export interface AddressOptions {
  /** Addresses, CIDR ranges and host names that are allowed besides the public Internet. Default: none. */
  readonly allow?: readonly string[];
  /** Allow http URLs, too. Default: false. */
  readonly allowHttp?: boolean;
  /** Resolves host names; the system's resolver by default. Its answers are checked. */
  readonly lookup?: LookupAll;
}

/** The part of `dns.lookup` that is used. */
export type LookupAll = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Thrown for a request to an address that the operator has not allowed. The bucket's owner sees the message, so it
 * tells nothing about the server's network.
 */
export class WebhookRefusedError extends Error {
  override readonly name = 'WebhookRefusedError';
}

export interface AddressPolicy {
  /** @throws WebhookRefusedError for a URL that needs no look-up to be refused. */
  check(url: URL): void;
  /**
   * Resolves a name to the addresses that are allowed. The connection is made to an address that this returns, so a
   * name that resolves to another address later gets round nothing. Node does not call it for a literal address: {@link
   * AddressPolicy.check} comes first.
   */
  readonly lookup: LookupFunction;
}

/** @throws RangeError for an entry of `allow` that is no address, range or host name. */
export function addressPolicy({ allow = [], allowHttp = false, lookup = systemLookup }: AddressOptions): AddressPolicy {
  const isListed = allowList(allow);
  const isAllowed = (address: string, hostname: string) => isPublicAddress(address) || isListed(address, hostname);
  return {
    check: (url) => {
      if (url.protocol !== 'https:' && !(allowHttp && url.protocol === 'http:'))
        throw new WebhookRefusedError('The server sends webhooks to https URLs only');
      const host = hostOf(url);
      if (isIP(host) !== 0 && !isAllowed(host, host)) throw addressRefused();
    },
    lookup: (hostname, options, callback) => {
      lookup(hostname, { ...options, all: true }, (error, addresses) => {
        const allowed = error === null ? addresses.filter(({ address }) => isAllowed(address, hostname)) : [];
        const [first] = allowed;
        if (first === undefined) callback(error ?? addressRefused(), []);
        else if (options.all === true) callback(null, allowed);
        else callback(null, first.address, first.family);
      });
    },
  };
}

/**
 * The host of a URL; an IPv6 address comes without its brackets. The URL parser has already turned decimal and other
 * forms of IPv4 addresses into dotted ones.
 */
export function hostOf(url: URL): string {
  return url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
}

function addressRefused(): WebhookRefusedError {
  return new WebhookRefusedError('The server does not send webhooks to the address of this URL');
}
