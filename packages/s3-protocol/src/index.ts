export { metadataSize, s3Capabilities } from '@coffer/s3-schema';
export { createS3Handler } from './create-s3-handler.ts';
export type { RefusedSignature, S3Options, S3RequestEvent } from './options.ts';
