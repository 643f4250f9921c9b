import {
  aclXml,
  chooseAcl,
  corsXml,
  lifecycleXml,
  locationXml,
  loggingXml,
  objectLockXml,
  S3Error,
  s3Headers,
  versioningXml,
} from '@coffer/s3-schema';
import { printBucketEncryption } from '@coffer/sse-schema';
import { bucketTypeOf } from '../buckets/bucket-type.ts';
import { isS3Rule, shownRule, withS3Rules } from '../buckets/cors-rules.ts';
import { updateBucket } from '../buckets/update-bucket.ts';
import { aclOf } from '../objects/new-object.ts';
import { emptyResponse, xmlResponse } from '../request/responses.ts';
import type { Handler } from './handler.ts';

const unset = (code: ConstructorParameters<typeof S3Error>[0], bucketName: string) =>
  new S3Error(code, { details: { BucketName: bucketName } });

/** AWS docs `HeadBucket`. */
export const headBucket: Handler<'HeadBucket'> = ({ options }) =>
  Promise.resolve(emptyResponse([[s3Headers.bucketRegion, options.regions[0]]]));

/** AWS docs `GetBucketLocation`. */
export const getBucketLocation: Handler<'GetBucketLocation'> = ({ options }) =>
  Promise.resolve(xmlResponse(locationXml(options.regions[0])));

/** AWS docs `DeleteBucket`. */
export const deleteBucket: Handler<'DeleteBucket'> = async ({ bucket, storage }) => {
  await storage.buckets.delete(bucket.bucketId);
  return emptyResponse([], 204);
};

/** AWS docs `GetBucketAcl`. */
export const getBucketAcl: Handler<'GetBucketAcl'> = ({ bucket }) =>
  Promise.resolve(xmlResponse(aclXml(aclOf(bucket), { id: bucket.accountId })));

/** AWS docs `PutBucketAcl`. */
export const putBucketAcl: Handler<'PutBucketAcl'> = async ({ bucket, document, input, storage }) => {
  const acl = chooseAcl(input.headers.acl, document, { id: bucket.accountId });
  await storage.buckets.update(bucket.bucketId, { type: bucketTypeOf(acl) });
  return emptyResponse();
};

/** AWS docs `GetBucketCors`; rules for operations of the B2 Native API are not shown. */
export const getBucketCors: Handler<'GetBucketCors'> = ({ bucket }) => {
  const rules = bucket.corsRules.flatMap((rule) => shownRule(rule) ?? []);
  if (rules.length === 0) throw unset('NoSuchCORSConfiguration', bucket.name);
  return Promise.resolve(xmlResponse(corsXml(rules)));
};

/** AWS docs `PutBucketCors`. */
export const putBucketCors: Handler<'PutBucketCors'> = async ({ bucket, document, storage }) => {
  await updateBucket(storage, bucket, ({ corsRules }) => ({ corsRules: withS3Rules(corsRules, document) }));
  return emptyResponse();
};

/** AWS docs `DeleteBucketCors`. */
export const deleteBucketCors: Handler<'DeleteBucketCors'> = async ({ bucket, storage }) => {
  await updateBucket(storage, bucket, ({ corsRules }) => ({ corsRules: corsRules.filter((rule) => !isS3Rule(rule)) }));
  return emptyResponse([], 204);
};

/** AWS docs `GetBucketEncryption`. A bucket that has no default is told so, as B2's default is none. */
export const getBucketEncryption: Handler<'GetBucketEncryption'> = ({ bucket }) => {
  const { defaultEncryption, blocksCustomerKeys = false, name } = bucket;
  if (defaultEncryption === 'none' && !blocksCustomerKeys) {
    throw unset('ServerSideEncryptionConfigurationNotFoundError', name);
  }
  return Promise.resolve(xmlResponse(printBucketEncryption({ defaultEncryption, blocksCustomerKeys })));
};

/** AWS docs `PutBucketEncryption`. */
export const putBucketEncryption: Handler<'PutBucketEncryption'> = async ({ bucket, document, storage }) => {
  const { defaultEncryption, blocksCustomerKeys } = document;
  await storage.buckets.update(bucket.bucketId, { defaultEncryption, blocksCustomerKeys });
  return emptyResponse();
};

/** AWS docs `DeleteBucketEncryption`. */
export const deleteBucketEncryption: Handler<'DeleteBucketEncryption'> = async ({ bucket, storage }) => {
  await storage.buckets.update(bucket.bucketId, { defaultEncryption: 'none', blocksCustomerKeys: false });
  return emptyResponse([], 204);
};

/** AWS docs `GetBucketLifecycleConfiguration`. */
export const getBucketLifecycle: Handler<'GetBucketLifecycleConfiguration'> = ({ bucket }) => {
  if (bucket.lifecycleRules.length === 0) throw unset('NoSuchLifecycleConfiguration', bucket.name);
  return Promise.resolve(xmlResponse(lifecycleXml(bucket.lifecycleRules)));
};

/** AWS docs `PutBucketLifecycleConfiguration`. */
export const putBucketLifecycle: Handler<'PutBucketLifecycleConfiguration'> = async ({ bucket, document, storage }) => {
  await storage.buckets.update(bucket.bucketId, { lifecycleRules: document });
  return emptyResponse();
};

/** AWS docs `DeleteBucketLifecycle`. */
export const deleteBucketLifecycle: Handler<'DeleteBucketLifecycle'> = async ({ bucket, storage }) => {
  await storage.buckets.update(bucket.bucketId, { lifecycleRules: [] });
  return emptyResponse([], 204);
};

/** AWS docs `GetBucketLogging`: never on. */
export const getBucketLogging: Handler<'GetBucketLogging'> = () => Promise.resolve(xmlResponse(loggingXml()));

/** AWS docs `PutBucketLogging`: turning it off changes nothing, and turning it on was refused with the document. */
export const putBucketLogging: Handler<'PutBucketLogging'> = () => Promise.resolve(emptyResponse());

/** AWS docs `GetBucketVersioning`: always on. */
export const getBucketVersioning: Handler<'GetBucketVersioning'> = () => Promise.resolve(xmlResponse(versioningXml()));

/** AWS docs `PutBucketVersioning`: turning it on changes nothing, and anything else was refused with the document. */
export const putBucketVersioning: Handler<'PutBucketVersioning'> = () => Promise.resolve(emptyResponse());

/** AWS docs `GetObjectLockConfiguration`. */
export const getObjectLockConfiguration: Handler<'GetObjectLockConfiguration'> = ({ bucket }) => {
  if (!bucket.fileLockEnabled) throw unset('ObjectLockConfigurationNotFoundError', bucket.name);
  return Promise.resolve(xmlResponse(objectLockXml({ defaultRetention: bucket.defaultRetention ?? undefined })));
};

/** AWS docs `PutObjectLockConfiguration`; turns Object Lock on where it was off (B2 docs "Object Lock"). */
export const putObjectLockConfiguration: Handler<'PutObjectLockConfiguration'> = async (call) => {
  const { bucket, document, storage } = call;
  const { defaultRetention = null } = document;
  await storage.buckets.update(bucket.bucketId, { fileLockEnabled: true, defaultRetention });
  return emptyResponse();
};
