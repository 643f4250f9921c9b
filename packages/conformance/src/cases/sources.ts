import type { Source } from '../model/case.ts';

const page = (name: string): Source => ({ kind: 'documentation', name });
const client = (name: string): Source => ({ kind: 'client', name });

/** On what the requirements stand, by short names. */
export const sources = {
  b2Guide: page('Backblaze B2, guide: Server-Side Encryption'),
  b2Upload: page('Backblaze B2, b2_upload_file'),
  b2Part: page('Backblaze B2, b2_upload_part'),
  b2Start: page('Backblaze B2, b2_start_large_file'),
  b2Copy: page('Backblaze B2, b2_copy_file'),
  b2CopyPart: page('Backblaze B2, b2_copy_part'),
  b2Download: page('Backblaze B2, b2_download_file_by_id'),
  b2Bucket: page('Backblaze B2, b2_create_bucket and b2_update_bucket'),
  b2Capabilities: page('Backblaze B2, guide: Application Key Capabilities'),
  b2FileInfo: page('Backblaze B2, guide: Files and file information'),
  b2sdk: client('b2sdk and B2 command line tool, integration tests'),
  s3SseC: page('AWS S3, user guide: server-side encryption with customer-provided keys (SSE-C)'),
  s3SseS3: page('AWS S3, user guide: server-side encryption with S3 managed keys (SSE-S3)'),
  s3Put: page('AWS S3, API reference: PutObject'),
  s3Get: page('AWS S3, API reference: GetObject'),
  s3Copy: page('AWS S3, API reference: CopyObject'),
  s3Multipart: page('AWS S3, API reference: CreateMultipartUpload and UploadPart'),
  s3PartCopy: page('AWS S3, API reference: UploadPartCopy'),
  s3BucketEncryption: page('AWS S3, API reference: PutBucketEncryption and GetBucketEncryption'),
  cephTests: client('ceph/s3-tests, tests of encryption'),
  mint: client('minio/mint, tests of server-side encryption'),
  range: { kind: 'rfc', name: 'RFC 9110, section 14: range requests' },
  conditions: { kind: 'rfc', name: 'RFC 9110, section 13: conditional requests' },
} as const satisfies Readonly<Record<string, Source>>;
