import { storedFileView } from '../views/file-view.ts';
import { bucketIdIn, bucketOf, fileAudience } from './file-audience.ts';
import type { JsonHandler } from './handler.ts';

/**
 * The mark in front of the SHA-1 of a part that nobody verified. It is removed, since the hash behind it is compared
 * all the same.
 */
const unverified = /^unverified:/i;

export const finishLargeFile: JsonHandler<'b2_finish_large_file'> = async (input, call) => {
  const { record, storage } = call;
  const bucket = await bucketOf(call, bucketIdIn(input.fileId));
  const sha1s = input.partSha1Array.map((sha1) => sha1.replace(unverified, '').toLowerCase());
  const version = await storage.largeFiles.finish(input.fileId, sha1s);
  record.encryption = version.encryption.mode;
  return storedFileView(version, fileAudience(call, bucket));
};
