import { bucketView } from '../views/bucket-view.ts';
import { bucketSettings, tellOfReplication } from './bucket-settings.ts';
import type { JsonHandler } from './handler.ts';

export const createBucket: JsonHandler<'b2_create_bucket'> = async (input, { grant, options, storage }) => {
  const { accountId, bucketName, bucketType } = input;
  const settings = bucketSettings(input);
  const bucket = await storage.buckets.create({ accountId, name: bucketName, type: bucketType, settings });
  tellOfReplication(options, bucket.bucketId, settings);
  return bucketView(bucket, grant.capabilities);
};
