import type { HeaderList } from '@coffer/http';

/** The only request headers that are ever logged. Neither the name nor the value of any other header is logged. */
const loggedHeaders: ReadonlySet<string> = new Set([
  'accept',
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'range',
  'transfer-encoding',
  'user-agent',
  'x-amz-content-sha256',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-bz-part-number',
  'x-bz-server-side-encryption',
  'x-bz-server-side-encryption-customer-algorithm',
]);

/** Bytes of a value that are logged; longer values are of no use to a reader. */
const longestValue = 200;

/** The headers of a request that may be logged, by lower-case name. */
export function headersToLog(headers: HeaderList): Readonly<Record<string, string>> {
  const named = headers.pairs.map(([name, value]) => [name.toLowerCase(), value.slice(0, longestValue)] as const);
  return Object.fromEntries(named.filter(([name]) => loggedHeaders.has(name)));
}
