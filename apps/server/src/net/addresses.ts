import { BlockList, isIP } from 'node:net';

/** The text of an address. An IPv4 address in IPv6 form (`::ffff:192.0.2.1`) becomes a plain IPv4 address. */
export function plainAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return mapped ?? address;
}

/** Groups of 16 bits of an IPv6 address that name its owner's network; the rest is the owner's to choose. */
const networkGroups = 4;

/**
 * What counts as one address: an IPv4 address, or the first 64 bits of an IPv6 address, since whoever has one IPv6
 * address usually has all that begin with these bits.
 */
export function addressOwner(address: string): string {
  const plain = plainAddress(address);
  if (isIP(plain) !== 6) return plain;
  const [head = '', tail] = plain.split('%', 1).join('').split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${groups.slice(0, networkGroups).join(':')}::/64`;
}

/** Whether an address is within some ranges. */
export type AddressRanges = (address: string) => boolean;

/**
 * The ranges of these entries, each an address or a CIDR range.
 *
 * @throws RangeError naming the entry that is neither.
 */
export function addressRanges(entries: readonly string[]): AddressRanges {
  // Called for every request, so it does nothing if there are no ranges.
  if (entries.length === 0) return () => false;
  const list = new BlockList();
  for (const entry of entries) addEntry(list, entry);
  return (address) => {
    const plain = plainAddress(address);
    const version = isIP(plain);
    return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6');
  };
}

function addEntry(list: BlockList, entry: string): void {
  const [address = '', length, ...more] = entry.split('/');
  const version = isIP(address);
  const bits = version === 4 ? 32 : 128;
  const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (version === 0 || more.length > 0 || !(prefix <= bits))
    throw new RangeError(`${entry} is no address and no CIDR range`);
  list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
}
