export { openS3BlobStore, type S3StoreOptions } from './open-s3-blob-store.ts';
export type { S3BlobStore } from './s3-blob-store.ts';
export type { S3Abilities } from './s3-abilities.ts';
export type { S3Connection, S3Credentials } from './s3-client.ts';
export type { S3Limits } from './s3-limits.ts';
export type { S3State } from './store-state.ts';
export { parseS3Address, type S3Place } from './s3-address.ts';
