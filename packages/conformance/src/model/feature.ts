import * as z from 'zod';

/** What an endpoint may lack without being wrong. Cases that need one that is not declared are skipped. */
export const featureSchema = z.enum([
  'sse-b2',
  'sse-s3',
  'sse-c',
  'default-encryption',
  'application-keys',
  'large-files',
  'multipart',
  'copies',
  'versions',
  'conditional-reads',
  'conditional-writes',
  'presigned',
  'object-lock',
  'checksums',
  'aws-chunked',
  'part-number',
  'virtual-host',
  'forms',
  'public-buckets',
  'download-authorizations',
  /** Both protocols show the same files. */
  'cross-api',
]);
export type Feature = z.infer<typeof featureSchema>;

/**
 * Which rules hold for files that ask for no encryption. `b2-classic` leaves them plain unless the bucket has a
 * default; `b2-2026` gives all of them SSE-B2, as Backblaze's newer documentation announces. `s3` is the S3 Compatible
 * API.
 */
export const profileSchema = z.enum(['b2-classic', 'b2-2026', 's3']);
export type Profile = z.infer<typeof profileSchema>;

export type Protocol = 'b2' | 's3';

export function protocolOf(profile: Profile): Protocol {
  return profile === 's3' ? 's3' : 'b2';
}
