import { coversBucket } from '@coffer/storage-core';
import { present } from '../request/present.ts';
import { bucketView } from '../views/bucket-view.ts';
import type { JsonHandler } from './handler.ts';

export const listBuckets: JsonHandler<'b2_list_buckets'> = async (input, { grant, storage }) => {
  const { accountId, bucketId, bucketName, bucketTypes } = input;
  const found = await storage.buckets.list({ accountId, ...present({ bucketId, name: bucketName }) });
  const wanted: ReadonlySet<string> = new Set(bucketTypes);
  const buckets = found
    // A restricted key may ask without a filter in v1, and gets only its own.
    .filter((bucket) => coversBucket(grant, bucket.bucketId))
    .filter((bucket) => wanted.has(bucket.type) || wanted.has('all'))
    .map((bucket) => bucketView(bucket, grant.capabilities));
  return { buckets };
};
