import type { HeaderList } from '@coffer/http';
import type { Given, SupportedRow } from '../requests/operation-row.ts';
import type { QueryParameters } from '../requests/query-parameters.ts';
import type { S3Capability } from '../values/capability.ts';

/** The parts of a request that capabilities depend on. */
export interface CapabilityInput {
  readonly query: QueryParameters;
  readonly headers: HeaderList;
}

/**
 * What a key must hold to make a request of this row: of each group one. What the source of a copy and the entries of a
 * document need comes besides, where their bucket and prefix are looked at.
 */
export function neededCapabilities(row: SupportedRow, request: CapabilityInput): readonly (readonly S3Capability[])[] {
  const { anyOf, instead, besides = [] } = row.capability;
  const main = instead !== undefined && isGiven(instead.given, request) ? [instead.capability] : anyOf;
  return [main, ...besides.filter(({ given }) => isGiven(given, request)).map(({ capability }) => [capability])];
}

function isGiven(given: Given, { query, headers }: CapabilityInput): boolean {
  if ('query' in given) return query.has(given.query);
  const values = headers.getAll(given.header);
  return given.value === undefined
    ? values.length > 0
    : values.some((value) => value.trim().toLowerCase() === given.value);
}
