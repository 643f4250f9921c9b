import { bucketView } from '../views/bucket-view.ts';
import { bucketSettings } from './bucket-settings.ts';
import type { JsonHandler } from './handler.ts';

export const createBucket: JsonHandler<'b2_create_bucket'> = async (input, { grant, storage }) => {
  const { accountId, bucketName, bucketType } = input;
  const settings = bucketSettings(input);
  const bucket = await storage.buckets.create({ accountId, name: bucketName, type: bucketType, settings });
  return bucketView(bucket, grant.capabilities);
};
