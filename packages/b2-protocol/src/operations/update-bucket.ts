import { present } from '../request/present.ts';
import { bucketView } from '../views/bucket-view.ts';
import { bucketSettings, tellOfReplication } from './bucket-settings.ts';
import type { JsonHandler } from './handler.ts';

export const updateBucket: JsonHandler<'b2_update_bucket'> = async (input, { grant, options, storage }) => {
  const settings = { ...bucketSettings(input), ...present({ type: input.bucketType }) };
  const { ifRevisionIs } = input;
  const bucket = await storage.buckets.update(input.bucketId, settings, present({ ifRevisionIs }));
  tellOfReplication(options, bucket.bucketId, settings);
  return bucketView(bucket, grant.capabilities);
};
