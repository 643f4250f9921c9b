import { encodePercent } from '../values/percent-encoding.ts';

/**
 * The query of a GET for the JSON of a request, without a question mark; the inverse of `fromQuery`. A setting with a
 * customer key has no place in it: send that in headers.
 */
export function toQuery(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name}=${encodePercent(typeof value === 'string' ? value : JSON.stringify(value))}`)
    .join('&');
}
