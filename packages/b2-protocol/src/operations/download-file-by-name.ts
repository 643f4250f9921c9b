import { fileNameProblem, isPossibleBucketName } from '@coffer/b2-schema';
import { overridesOf } from '../download/overrides.ts';
import { checkReader } from '../download/reader.ts';
import { serveFile } from '../download/serve-file.ts';
import { notFound } from '../errors/b2-error.ts';
import type { DownloadHandler } from './handler.ts';

export const downloadFileByName: DownloadHandler<'b2_download_file_by_name'> = async (input, call) => {
  const { bucketName, fileName: name } = input;
  if (!isPossibleBucketName(bucketName)) throw notFound();
  const bucket = await call.storage.buckets.getByName(bucketName);
  call.record.bucketId = bucket.bucketId;
  const overrides = overridesOf(input);
  checkReader(call.reader, { bucket, name, overrides, by: 'name' });
  if (fileNameProblem(name) !== undefined) throw notFound();
  const version = await call.storage.files.getByName(bucket.bucketId, name);
  return serveFile(call, { bucket, version, overrides, fromJson: input.serverSideEncryption });
};
