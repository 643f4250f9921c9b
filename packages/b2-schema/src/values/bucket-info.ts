import * as z from 'zod';
import { infoKeyShape } from './file-info.ts';
import { maxBucketInfoEntries, maxFileInfoKeyBytes, maxHeaderTextLength } from './limits.ts';
import { rule } from './rule.ts';
import { isForbiddenKey, isHeaderText, isWellFormed } from './text.ts';

/** The entry that is the default `Cache-Control` of downloads; spelled exactly so. */
export const cacheControlBucketInfoKey = 'Cache-Control';

function bucketInfoProblem(info: Record<string, string>): string | undefined {
  const entries = Object.entries(info);
  if (entries.length > maxBucketInfoEntries) return 'Bucket info must have no more than 10 entries';
  if (entries.some(([key]) => !infoKeyShape.test(key) || key.length > maxFileInfoKeyBytes)) {
    return "Bucket info names must be 1 to 50 letters, digits and -_.~!#$%^&*'+|`";
  }
  if (entries.some(([key]) => isForbiddenKey(key))) return 'Bucket info name __proto__ is not allowed';
  if (!isCacheControl(info[cacheControlBucketInfoKey] ?? ''))
    return (
      `Bucket info ${cacheControlBucketInfoKey} must be no more than ${maxHeaderTextLength} characters of ` +
      'printable ASCII'
    );
  return entries.every(([, value]) => isWellFormed(value)) ? undefined : 'Bucket info must be valid Unicode';
}

function isCacheControl(text: string): boolean {
  return text.length <= maxHeaderTextLength && isHeaderText(text);
}

/** `bucketInfo` in the JSON of a request (B2 docs `b2_create_bucket`). */
export const bucketInfoField = z.record(z.string(), z.string()).check(rule(bucketInfoProblem));
