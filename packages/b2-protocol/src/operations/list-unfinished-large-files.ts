import { printListedFile } from '@coffer/b2-schema';
import { visiblePrefix } from '../access/restriction.ts';
import { present } from '../request/present.ts';
import { startedFileView } from '../views/file-view.ts';
import type { JsonHandler } from './handler.ts';

export const listUnfinishedLargeFiles: JsonHandler<'b2_list_unfinished_large_files'> = async (input, call) => {
  const { grant, storage, version } = call;
  const { bucketId, maxFileCount, startFileId } = input;
  await storage.buckets.get(bucketId);
  const namePrefix = visiblePrefix(grant, input.namePrefix);
  if (namePrefix === undefined) return { files: [], nextFileId: null };
  const page = await storage.largeFiles.listUnfinished({
    bucketId,
    namePrefix,
    limit: maxFileCount,
    ...present({ startFileId }),
  });
  const files = page.files.map((file) => printListedFile(startedFileView(file, grant.capabilities), version));
  return { files, nextFileId: page.nextFileId };
};
