import type { SupportedName } from '@coffer/s3-schema';
import { abortMultipartUpload } from './abort-multipart-upload.ts';
import * as bucketSettings from './bucket-settings.ts';
import { completeMultipartUpload } from './complete-multipart-upload.ts';
import { copyObject } from './copy-object.ts';
import { createBucket } from './create-bucket.ts';
import { createMultipartUpload } from './create-multipart-upload.ts';
import { deleteObject } from './delete-object.ts';
import { deleteObjects } from './delete-objects.ts';
import { getObject } from './get-object.ts';
import { getObjectAttributes } from './get-object-attributes.ts';
import type { Handler } from './handler.ts';
import { headObject } from './head-object.ts';
import { listBuckets } from './list-buckets.ts';
import { listMultipartUploads } from './list-multipart-uploads.ts';
import { listObjects } from './list-objects.ts';
import { listObjectVersions } from './list-object-versions.ts';
import { listObjectsV2 } from './list-objects-v2.ts';
import { listParts } from './list-parts.ts';
import * as objectSettings from './object-settings.ts';
import { postObject } from './post-object.ts';
import { putObject } from './put-object.ts';
import { uploadPart } from './upload-part.ts';
import { uploadPartCopy } from './upload-part-copy.ts';

/** One handler for each row that is performed: a missing or a surplus one does not compile. */
export const handlers = {
  AbortMultipartUpload: abortMultipartUpload,
  CompleteMultipartUpload: completeMultipartUpload,
  CopyObject: copyObject,
  CreateBucket: createBucket,
  CreateMultipartUpload: createMultipartUpload,
  DeleteBucket: bucketSettings.deleteBucket,
  DeleteBucketCors: bucketSettings.deleteBucketCors,
  DeleteBucketEncryption: bucketSettings.deleteBucketEncryption,
  DeleteBucketLifecycle: bucketSettings.deleteBucketLifecycle,
  DeleteObject: deleteObject,
  DeleteObjects: deleteObjects,
  GetBucketAcl: bucketSettings.getBucketAcl,
  GetBucketCors: bucketSettings.getBucketCors,
  GetBucketEncryption: bucketSettings.getBucketEncryption,
  GetBucketLifecycleConfiguration: bucketSettings.getBucketLifecycle,
  GetBucketLocation: bucketSettings.getBucketLocation,
  GetBucketLogging: bucketSettings.getBucketLogging,
  GetBucketVersioning: bucketSettings.getBucketVersioning,
  GetObject: getObject,
  GetObjectAcl: objectSettings.getObjectAcl,
  GetObjectAttributes: getObjectAttributes,
  GetObjectLegalHold: objectSettings.getObjectLegalHold,
  GetObjectLockConfiguration: bucketSettings.getObjectLockConfiguration,
  GetObjectRetention: objectSettings.getObjectRetention,
  GetObjectTagging: objectSettings.getObjectTagging,
  HeadBucket: bucketSettings.headBucket,
  HeadObject: headObject,
  ListBuckets: listBuckets,
  ListMultipartUploads: listMultipartUploads,
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
  ListObjectVersions: listObjectVersions,
  ListParts: listParts,
  PostObject: postObject,
  PutBucketAcl: bucketSettings.putBucketAcl,
  PutBucketCors: bucketSettings.putBucketCors,
  PutBucketEncryption: bucketSettings.putBucketEncryption,
  PutBucketLifecycleConfiguration: bucketSettings.putBucketLifecycle,
  PutBucketLogging: bucketSettings.putBucketLogging,
  PutBucketVersioning: bucketSettings.putBucketVersioning,
  PutObject: putObject,
  PutObjectAcl: objectSettings.putObjectAcl,
  PutObjectLegalHold: objectSettings.putObjectLegalHold,
  PutObjectLockConfiguration: bucketSettings.putObjectLockConfiguration,
  PutObjectRetention: objectSettings.putObjectRetention,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
} satisfies { readonly [Name in SupportedName]: Handler<Name> };
