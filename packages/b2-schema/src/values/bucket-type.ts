import * as z from 'zod';
import { rule } from './rule.ts';

/** The types that a request may give a bucket: they say whether downloads need a token. */
export const bucketTypeField = z.enum(['allPublic', 'allPrivate']);
/** A bucket type that a request may set. */
export type BucketType = z.output<typeof bucketTypeField>;

/** The types that a bucket in a response may have. Only the service makes buckets of the last three. */
export const wireBucketType = z.enum(['allPublic', 'allPrivate', 'snapshot', 'restricted', 'shared']);
/** A bucket type as a response may show it. */
export type WireBucketType = z.output<typeof wireBucketType>;

function typesProblem(types: readonly string[]): string | undefined {
  if (types.length === 0) return 'bucketTypes must not be empty';
  return types.includes('all') && types.length > 1 ? "bucketTypes must have 'all' alone" : undefined;
}

/** `bucketTypes` of `b2_list_buckets`: names of types, or `all` alone. */
export const bucketTypesField = z
  .array(z.enum([...wireBucketType.options, 'all']))
  .max(2 * wireBucketType.options.length)
  .check(rule(typesProblem));
