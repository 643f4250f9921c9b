import { visiblePrefix } from '../access/restriction.ts';
import { present } from '../request/present.ts';
import { listRows } from '../request/printed-rows.ts';
import type { JsonHandler } from './handler.ts';
import { foldingDelimiter, listingView } from './listing-view.ts';

export const listFileNames: JsonHandler<'b2_list_file_names'> = async (input, call) => {
  const { bucketId, delimiter, maxFileCount, startFileName } = input;
  const bucket = await call.storage.buckets.get(bucketId);
  const prefix = visiblePrefix(call.grant, input.prefix);
  if (prefix === undefined) return { files: [], nextFileName: null };
  const names = { bucketId, prefix, ...present({ delimiter: foldingDelimiter(delimiter) }) };
  const { rows, next } = await listRows({
    limit: maxFileCount,
    start: { startName: startFileName },
    signal: call.request.signal,
    read: async (start, limit) => {
      const page = await call.storage.listings.names({ ...names, limit, ...present(start) });
      return { rows: page.rows, next: page.nextName === null ? undefined : { startName: page.nextName } };
    },
    view: listingView(bucket, call),
  });
  return { files: rows, nextFileName: next?.startName ?? null };
};
