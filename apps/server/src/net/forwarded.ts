import { isIP } from 'node:net';
import type { HeaderList } from '@coffer/http';
import type { AddressRanges } from './addresses.ts';
import { plainAddress } from './addresses.ts';

/** One step on a request's way, as the proxy that received it recorded it. */
export interface Hop {
  /** The address that the request came from; undefined if the proxy does not say. */
  readonly address: string | undefined;
  /** Whether it came over TLS; undefined where the proxy does not say. */
  readonly secure: boolean | undefined;
}

/** The client that proxies speak for. */
export type ForwardedClient =
  | { readonly kind: 'none' }
  | { readonly kind: 'client'; readonly hop: Hop }
  /** The headers are malformed, or contradict each other: a client may have sent one that the proxy does not change. */
  | { readonly kind: 'unclear' };

/**
 * The client behind trusted proxies: the last hop whose address is not that of a trusted proxy, or the first hop if all
 * are. It is taken from `Forwarded` (RFC 7239) or `X-Forwarded-For`; if both are there, they have to name the same
 * client.
 */
export function forwardedClient(headers: HeaderList, isTrusted: AddressRanges): ForwardedClient {
  const forwarded = headers.getAll('forwarded');
  const older = headers.getAll('x-forwarded-for');
  if (forwarded.length === 0 && older.length === 0) return { kind: 'none' };
  const hops = forwarded.length === 0 ? undefined : parseForwarded(forwarded.join(','));
  const olderHops = older.length === 0 ? undefined : olderHopsOf(headers, older);
  if (hops === 'malformed') return { kind: 'unclear' };
  const found = hops && clientOf(hops, isTrusted);
  const foundOlder = olderHops && clientOf(olderHops, isTrusted);
  if (found && foundOlder && found.address !== foundOlder.address) return { kind: 'unclear' };
  const hop = found ?? foundOlder;
  return hop === undefined ? { kind: 'none' } : { kind: 'client', hop };
}

function clientOf(hops: readonly Hop[], isTrusted: AddressRanges): Hop | undefined {
  return hops.findLast(({ address }) => address === undefined || !isTrusted(address)) ?? hops[0];
}

function olderHopsOf(headers: HeaderList, lines: readonly string[]): readonly Hop[] {
  const addresses = listOf(lines);
  const protocols = listOf(headers.getAll('x-forwarded-proto'));
  return addresses.map((text, index) => {
    // There is either one protocol for each hop, or only the one that the last proxy wrote.
    const protocol = protocols.length === addresses.length ? protocols[index] : protocols.at(-1);
    return { address: nodeAddress(text), secure: isSecure(protocol) };
  });
}

function listOf(lines: readonly string[]): readonly string[] {
  return lines
    .flatMap((line) => line.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

const isSecure = (protocol: string | undefined): boolean | undefined =>
  protocol === undefined ? undefined : protocol.toLowerCase() === 'https';

/** `name=value`, where the value is a token or a quoted string, and what separates it from the next. */
const pair = /^[ \t]*([!#$%&'*+.^_`|~\w-]+)=([!#$%&'*+.^_`|~\w-]+|"(?:[^"\\]|\\.)*")[ \t]*([;,]|$)/;

/** The elements of a `Forwarded` header, in order (RFC 7239 section 4). */
export function parseForwarded(text: string): readonly Hop[] | 'malformed' {
  const hops: Hop[] = [];
  let element: { address?: string | undefined; secure?: boolean | undefined } = {};
  let rest = text;
  for (;;) {
    const found = pair.exec(rest);
    if (found === null) return 'malformed';
    const [all, name = '', raw = '', end] = found;
    const value = raw.startsWith('"') ? raw.slice(1, -1).replaceAll(/\\(.)/g, '$1') : raw;
    if (name.toLowerCase() === 'for') element.address = nodeAddress(value);
    if (name.toLowerCase() === 'proto') element.secure = isSecure(value);
    rest = rest.slice(all.length);
    if (end === ';') continue;
    hops.push({ address: element.address, secure: element.secure });
    if (end !== ',') return hops;
    element = {};
  }
}

/**
 * The address in `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:80`; undefined for any
 * other name.
 */
function nodeAddress(text: string): string | undefined {
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)?.[1];
  const address = bracketed ?? (isIP(text) === 0 ? text.replace(/:\d{1,5}$/, '') : text);
  return isIP(address) === 0 ? undefined : plainAddress(address);
}
