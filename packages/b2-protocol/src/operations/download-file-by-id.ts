import { overridesOf } from '../download/overrides.ts';
import { checkReader } from '../download/reader.ts';
import { serveFile } from '../download/serve-file.ts';
import type { DownloadHandler } from './handler.ts';

export const downloadFileById: DownloadHandler<'b2_download_file_by_id'> = async (input, call) => {
  const version = await call.storage.files.get(input.fileId);
  const bucket = await call.storage.buckets.get(version.bucketId);
  call.record.bucketId = bucket.bucketId;
  const overrides = overridesOf(input);
  checkReader(call.reader, { bucket, name: version.name, overrides, by: 'id' });
  return serveFile(call, { bucket, version, overrides, fromJson: input.serverSideEncryption });
};
