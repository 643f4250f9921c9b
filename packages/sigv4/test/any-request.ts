import fc from 'fast-check';
import type { HeaderPair } from '../src/request/header-lines.ts';

const byte = fc.nat(255);
const oneByte = byte.map((code) => String.fromCharCode(code));

/** A byte as it may be in a target: itself, where it may be, or escaped, with digits of either case. */
const targetByte = fc.oneof(
  fc.constantFrom('a', 'Z', '0', '-', '.', '_', '~', '!', '$', "'", '(', ')', '*', ',', ';', ':', '@'),
  fc.tuple(byte, fc.boolean()).map(([code, upper]) => {
    const digits = code.toString(16).padStart(2, '0');
    return `%${upper ? digits.toUpperCase() : digits}`;
  }),
  byte.filter((code) => code > 0x7f).map((code) => String.fromCharCode(code)),
);
const text = fc.array(targetByte, { maxLength: 12 }).map((parts) => parts.join(''));
const path = fc
  .array(fc.oneof(text, fc.constantFrom('', '.', '..', 'a+b')), { maxLength: 6 })
  .map((segments) => `/${segments.join('/')}`);

/** Parameters without a meaning of their own. */
const parameter = fc
  .tuple(text, fc.oneof(text, fc.constantFrom('', 'a=b', 'a+b', '/')), fc.boolean())
  .map(([name, value, withValue]) => `q${name}${withValue ? `=${value}` : ''}`);
const query = fc.array(parameter, { maxLength: 6 }).map((pairs) => (pairs.length === 0 ? '' : `?${pairs.join('&')}`));

const name = fc.constantFrom('Content-Type', 'x-amz-meta-a', 'X-Amz-Meta-B', 'range', 'accept-encoding', 'x-a');
const value = fc
  .array(fc.oneof(oneByte, fc.constantFrom(' ', '  ', ',')), { maxLength: 20 })
  .map((characters) => characters.join('').replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, ' '));
const headers = fc
  .array(fc.tuple(name, value), { maxLength: 6 })
  .map((pairs): HeaderPair[] => [['Host', 'localhost:8443'], ...pairs]);

/** Requests with any bytes in their targets and headers, some headers twice. */
export const anyRequest = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'OPTIONS', 'M-SEARCH'),
  target: fc.tuple(path, query).map((parts) => parts.join('')),
  headers,
});
