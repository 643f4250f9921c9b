import { visiblePrefix } from '../access/restriction.ts';
import { present } from '../request/present.ts';
import { listRows } from '../request/printed-rows.ts';
import type { JsonHandler } from './handler.ts';
import { foldingDelimiter, listingView } from './listing-view.ts';

/** Where a listing begins. */
interface Place {
  readonly startName: string | undefined;
  readonly startFileId: string | undefined;
}

export const listFileVersions: JsonHandler<'b2_list_file_versions'> = async (input, call) => {
  const { bucketId, delimiter, maxFileCount, startFileId, startFileName } = input;
  const bucket = await call.storage.buckets.get(bucketId);
  const prefix = visiblePrefix(call.grant, input.prefix);
  if (prefix === undefined) return { files: [], nextFileId: null, nextFileName: null };
  const start: Place = { startName: startFileName, startFileId };
  const versions = { bucketId, prefix, ...present({ delimiter: foldingDelimiter(delimiter) }) };
  const { rows, next } = await listRows({
    limit: maxFileCount,
    start,
    signal: call.request.signal,
    read: async (from, limit) => {
      const page = await call.storage.listings.versions({ ...versions, limit, ...present(from) });
      const { nextName, nextFileId } = page;
      const rest = nextName === null ? undefined : { startName: nextName, startFileId: nextFileId ?? undefined };
      return { rows: page.rows, next: rest };
    },
    view: listingView(bucket, call),
  });
  return { files: rows, nextFileId: next?.startFileId ?? null, nextFileName: next?.startName ?? null };
};
