import { notFound } from '../errors/b2-error.ts';
import { fileVersionView } from '../views/file-view.ts';
import { bucketOf, fileAudience } from './file-audience.ts';
import type { JsonHandler } from './handler.ts';

export const getFileInfo: JsonHandler<'b2_get_file_info'> = async ({ fileId }, call) => {
  const version = await call.storage.files.get(fileId);
  // The docs: an unfinished large file has no info yet.
  if (version.action === 'start') throw notFound();
  await call.storage.reads.check(version);
  const bucket = await bucketOf(call, version.bucketId);
  return fileVersionView(version, fileAudience(call, bucket));
};
