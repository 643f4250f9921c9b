import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * All addresses that IANA has given out as global unicast so far (IPv6 Address Space registry); any other address leads
 * nowhere, or has a special purpose.
 */
const globalUnicast = ipaddr.parseCIDR('2000::/3');
/**
 * Public addresses at which a cloud keeps what only its own machines should reach: Azure's metadata and configuration
 * server.
 */
const reservedByClouds = ipaddr.parseCIDR('168.63.129.16/32');

/**
 * Whether an IP address, in text, is one of the public Internet. Not public are: private, loopback, link-local, shared
 * (RFC 6598), multicast, documentation and other special ranges (IANA Special-Purpose Address Registries), clouds'
 * metadata services, and IPv6 forms of IPv4 addresses that are not public.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  const ip = ipaddr.process(address);
  if (ip instanceof ipaddr.IPv4) return isPublicIpv4(ip);
  // NAT64 (RFC 6052): the network translates to the IPv4 address in the last four bytes.
  if (ip.range() === 'rfc6052') return isPublicIpv4(new ipaddr.IPv4(ip.toByteArray().slice(12)));
  return ip.range() === 'unicast' && ip.match(globalUnicast);
}

function isPublicIpv4(ip: ipaddr.IPv4): boolean {
  return ip.range() === 'unicast' && !ip.match(reservedByClouds);
}
