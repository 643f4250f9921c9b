import { newFile } from '../upload/new-file.ts';
import { startedFileView } from '../views/file-view.ts';
import type { JsonHandler } from './handler.ts';

export const startLargeFile: JsonHandler<'b2_start_large_file'> = async (input, call) => {
  const { grant, options, record, storage } = call;
  const version = await storage.largeFiles.start(newFile(input, input.bucketId, options));
  record.encryption = version.encryption.mode;
  return startedFileView(version, grant.capabilities, input.serverSideEncryption);
};
