import type { JsonHandler } from './handler.ts';

export const cancelLargeFile: JsonHandler<'b2_cancel_large_file'> = async ({ fileId }, { storage }) => {
  const { accountId, bucketId, name } = await storage.largeFiles.cancel(fileId);
  return { accountId, bucketId, fileId, fileName: name };
};
