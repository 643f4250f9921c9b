import type { JsonHandler } from './handler.ts';

export const deleteFileVersion: JsonHandler<'b2_delete_file_version'> = async (input, { storage }) => {
  const { fileId, fileName, bypassGovernance } = input;
  await storage.files.deleteVersion({ name: fileName, fileId, bypassGovernance });
  return { fileId, fileName };
};
