import { bucketView } from '../views/bucket-view.ts';
import type { JsonHandler } from './handler.ts';

export const deleteBucket: JsonHandler<'b2_delete_bucket'> = async ({ bucketId }, { grant, storage }) => {
  return bucketView(await storage.buckets.delete(bucketId), grant.capabilities);
};
