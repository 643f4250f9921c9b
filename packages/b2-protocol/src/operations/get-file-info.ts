import { notFound } from '../errors/b2-error.ts';
import { fileVersionView } from '../views/file-view.ts';
import type { JsonHandler } from './handler.ts';

export const getFileInfo: JsonHandler<'b2_get_file_info'> = async ({ fileId }, { grant, storage }) => {
  const version = await storage.files.get(fileId);
  // The docs: an unfinished large file has no info yet.
  if (version.action === 'start') throw notFound();
  await storage.reads.check(version);
  return fileVersionView(version, grant.capabilities);
};
