import { newFile } from '../upload/new-file.ts';
import { uploadContent } from '../upload/upload-content.ts';
import { storedFileView } from '../views/file-view.ts';
import { bucketOf, fileAudience } from './file-audience.ts';
import type { UploadHandler } from './handler.ts';

export const uploadFile: UploadHandler<'b2_upload_file'> = async (input, call) => {
  const { options, record, request, storage, target } = call;
  const bucket = await bucketOf(call, target);
  const content = uploadContent(call.body, input, request.signal);
  const version = await storage.files.upload(newFile(input, target, options), content);
  record.encryption = version.encryption.mode;
  return storedFileView(version, fileAudience(call, bucket), input.serverSideEncryption);
};
