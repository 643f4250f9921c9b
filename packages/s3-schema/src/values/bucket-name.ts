import { S3Error } from './s3-error.ts';

const shape = /^[a-z0-9][a-z0-9-]{4,61}[a-z0-9]$/;
const rule =
  'The specified bucket is not valid. A name has 6 to 63 lower-case letters, digits and hyphens, no hyphen at either ' +
  'end, and does not begin with b2-.';
const possible = /^[A-Za-z0-9.-]{6,63}$/;

/**
 * A name for a new bucket (B2 docs "Buckets", "Bucket Names", and what a host name can hold): 6 to 63 lower-case
 * letters, digits and hyphens, not beginning with `b2-`.
 *
 * @throws S3Error `InvalidBucketName`
 */
export function checkNewBucketName(name: string): string {
  if (shape.test(name) && !name.startsWith('b2-')) return name;
  throw new S3Error('InvalidBucketName', { message: rule, details: { BucketName: name } });
}

/**
 * Whether there can be a bucket of this name at all, made with whichever API. One that cannot be is not looked for.
 */
export function isPossibleBucketName(name: string): boolean {
  return possible.test(name);
}
