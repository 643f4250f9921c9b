import { corsMethods, type CorsMethod } from '@coffer/s3-schema';

/** The operation that a method is in a bucket's CORS rules; undefined for a method that no rule can allow. */
export function corsOperationOf(method: string): string | undefined {
  return Object.hasOwn(corsMethods, method) ? corsMethods[method as CorsMethod] : undefined;
}
