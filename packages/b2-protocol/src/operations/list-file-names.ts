import { visiblePrefix } from '../access/restriction.ts';
import { present } from '../request/present.ts';
import type { JsonHandler } from './handler.ts';
import { foldingDelimiter, listingView } from './listing-view.ts';

export const listFileNames: JsonHandler<'b2_list_file_names'> = async (input, call) => {
  const { bucketId, delimiter, maxFileCount, startFileName } = input;
  const bucket = await call.storage.buckets.get(bucketId);
  const prefix = visiblePrefix(call.grant, input.prefix);
  if (prefix === undefined) return { files: [], nextFileName: null };
  const page = await call.storage.listings.names({
    bucketId,
    prefix,
    limit: maxFileCount,
    ...present({ delimiter: foldingDelimiter(delimiter), startName: startFileName }),
  });
  return { files: await listingView(page.rows, bucket, call), nextFileName: page.nextName };
};
