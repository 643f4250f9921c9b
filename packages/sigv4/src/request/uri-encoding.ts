import { SigV4Error } from './sigv4-error.ts';

const outsideOfPath = /%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~/]/g;
const outsideOfQuery = /%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~]/g;
const escapes = /%(?:[0-9A-Fa-f]{2})?/g;
const unreserved = /[A-Za-z0-9\-._~]/;

const inQuery = Array.from({ length: 256 }, (_, code) => {
  const character = String.fromCharCode(code);
  return unreserved.test(character) ? character : `%${code.toString(16).toUpperCase().padStart(2, '0')}`;
});
const inPath = inQuery.with(0x2f, '/');

/**
 * A raw path in the form that is signed: percent-decoded once and encoded again, `/` kept, nothing normalised
 * ("Signature calculations for the Authorization header", Amazon S3 API Reference: `UriEncode`).
 *
 * @throws SigV4Error `InvalidURI` for a `%` that begins no escape.
 */
export function canonicalPath(raw: string): string {
  return raw === '' ? '/' : raw.replace(outsideOfPath, (found) => encodedIn(inPath, found));
}

/**
 * A raw name or value of a query in the form that is signed, `/` encoded too; `+` means a space.
 *
 * @throws SigV4Error `InvalidURI` for a `%` that begins no escape.
 */
export function canonicalQueryText(raw: string): string {
  return raw.replace(outsideOfQuery, (found) => (found === '+' ? '%20' : encodedIn(inQuery, found)));
}

/** Text, one byte per code unit, as a query holds it. */
export function encodeQueryText(text: string): string {
  return text.replace(/[^A-Za-z0-9\-._~]/g, (found) => encodedByte(inQuery, found.charCodeAt(0)));
}

/**
 * The bytes of a raw name or value of a query, one per code unit.
 *
 * @throws SigV4Error `InvalidURI` for a `%` that begins no escape.
 */
export function decodeQueryText(raw: string): string {
  return raw
    .replaceAll('+', ' ')
    .replace(escapes, (found) => (found.length === 3 ? String.fromCharCode(byteOf(found)) : refuseUri()));
}

function encodedIn(table: readonly string[], found: string): string {
  if (found === '%') return refuseUri();
  return encodedByte(table, found.length === 3 ? byteOf(found) : found.charCodeAt(0));
}

function encodedByte(table: readonly string[], code: number): string {
  return table[code] ?? refuseUri();
}

function byteOf(escape: string): number {
  return Number.parseInt(escape.slice(1), 16);
}

function refuseUri(): never {
  throw new SigV4Error('InvalidURI', "Couldn't parse the specified URI.");
}
