import type { ConformanceCase } from '../../model/case.ts';

/** A case of the S3 Compatible API. */
export function s3Case(fields: Omit<ConformanceCase, 'protocol'>): ConformanceCase {
  return { ...fields, protocol: 's3' };
}
