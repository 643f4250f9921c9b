import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The first address of a range, and how many of its bits all of them share. */
type Range = ReturnType<typeof ipaddr.parseCIDR>;

/** An entry of an operator's list: a range of addresses, or the name of a host, which may have any address. */
type Entry = { readonly kind: 'range'; readonly range: Range } | { readonly kind: 'host'; readonly name: string };

/** Tells whether an address is allowed: because it is on the list itself, or because the name of its host is. */
export type AllowList = (address: string, hostname: string) => boolean;

const hostName = /^(?!.*\.\.)[a-z0-9_][a-z0-9_.-]*$/;

/**
 * The list of these entries, each a CIDR range (`10.1.0.0/16`, `fd00::/8`), an address or a host name.
 *
 * @throws RangeError naming the entry that is none of these.
 *
 * @example
 * ```ts
 * const isAllowed = allowList(['10.1.0.0/16', 'hooks.internal']);
 * assert.equal(isAllowed('10.1.2.3', 'any.example'), true);
 * assert.equal(isAllowed('10.2.0.1', 'hooks.internal'), true);
 * assert.equal(isAllowed('10.2.0.1', 'any.example'), false);
 * ```
 */
export function allowList(entries: readonly string[]): AllowList {
  const parsed = entries.map(parseEntry);
  return (address, hostname) => parsed.some((entry) => covers(entry, address, hostname));
}

function parseEntry(text: string): Entry {
  const [address = '', length, ...more] = text.split('/');
  if (isIP(address) !== 0 && more.length === 0) return { kind: 'range', range: parseRange(text, address, length) };
  const name = withoutDot(text.toLowerCase());
  // A resolver would read a name that looks like a number as an address: 127.1, 0x7f000001.
  if (!hostName.test(name) || /(^|\.)(\d+|0x[0-9a-f]*)$/.test(name)) throw notAnEntry(text);
  return { kind: 'host', name };
}

function parseRange(text: string, address: string, length: string | undefined): Range {
  const bits = isIP(address) === 4 ? '32' : '128';
  try {
    return ipaddr.parseCIDR(`${address}/${length ?? bits}`);
  } catch {
    throw notAnEntry(text);
  }
}

function covers(entry: Entry, address: string, hostname: string): boolean {
  if (entry.kind === 'host') return entry.name === withoutDot(hostname.toLowerCase());
  if (isIP(address) === 0) return false;
  const ip = ipaddr.process(address);
  const [base, length] = entry.range;
  return ip.kind() === base.kind() && ip.match(base, length);
}

function withoutDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

function notAnEntry(text: string): RangeError {
  return new RangeError(`${text} is no address, no CIDR range and no host name`);
}
