import { visiblePrefix } from '../access/restriction.ts';
import { present } from '../request/present.ts';
import type { JsonHandler } from './handler.ts';
import { foldingDelimiter, listingView } from './listing-view.ts';

export const listFileVersions: JsonHandler<'b2_list_file_versions'> = async (input, call) => {
  const { bucketId, delimiter, maxFileCount, startFileId, startFileName } = input;
  const bucket = await call.storage.buckets.get(bucketId);
  const prefix = visiblePrefix(call.grant, input.prefix);
  if (prefix === undefined) return { files: [], nextFileId: null, nextFileName: null };
  const page = await call.storage.listings.versions({
    bucketId,
    prefix,
    limit: maxFileCount,
    ...present({ delimiter: foldingDelimiter(delimiter), startName: startFileName, startFileId }),
  });
  const files = await listingView(page.rows, bucket, call);
  return { files, nextFileId: page.nextFileId, nextFileName: page.nextName };
};
