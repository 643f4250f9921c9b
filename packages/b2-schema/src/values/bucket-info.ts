import { z } from 'zod';
import { infoKeyShape } from './file-info.ts';
import { maxBucketInfoEntries, maxFileInfoKeyBytes } from './limits.ts';
import { rule } from './rule.ts';
import { isForbiddenKey, isWellFormed } from './text.ts';

/** The entry that is the default `Cache-Control` of downloads; spelled exactly so. */
export const cacheControlBucketInfoKey = 'Cache-Control';

function bucketInfoProblem(info: Record<string, string>): string | undefined {
  const entries = Object.entries(info);
  if (entries.length > maxBucketInfoEntries) return 'Bucket info must have no more than 10 entries';
  if (entries.some(([key]) => !infoKeyShape.test(key) || key.length > maxFileInfoKeyBytes)) {
    return "Bucket info names must be 1 to 50 letters, digits and -_.~!#$%^&*'+|`";
  }
  if (entries.some(([key]) => isForbiddenKey(key))) return 'Bucket info name __proto__ is not allowed';
  return entries.every(([, value]) => isWellFormed(value)) ? undefined : 'Bucket info must be valid Unicode';
}

/** `bucketInfo` in the JSON of a request (B2 docs `b2_create_bucket`). */
export const bucketInfoField = z.record(z.string(), z.string()).check(rule(bucketInfoProblem));
