import { corsOperations, type CorsOperation } from '@coffer/b2-schema';

/** The operation as the rules of buckets name it; undefined for one that no rule can allow. */
export function corsOperationOf(operation: string | null): CorsOperation | undefined {
  return corsOperations.find((name) => name === operation);
}
