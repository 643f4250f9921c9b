import { decodePercent } from '@coffer/b2-schema';
import { parseQuery } from '@coffer/http';
import { badRequest } from '../errors/b2-error.ts';

/** Names and values of a raw query, decoded. */
export function readQuery(query: string | undefined): readonly (readonly [name: string, value: string])[] {
  return parseQuery(query, (encoded) => {
    const decoded = decodePercent(encoded);
    if (decoded === undefined) throw badRequest('The query is not valid percent-encoded UTF-8');
    return decoded;
  });
}
