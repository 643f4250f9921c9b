import { newFile } from '../upload/new-file.ts';
import { uploadContent } from '../upload/upload-content.ts';
import { storedFileView } from '../views/file-view.ts';
import type { UploadHandler } from './handler.ts';

export const uploadFile: UploadHandler<'b2_upload_file'> = async (input, call) => {
  const { grant, options, record, request, storage, target } = call;
  const content = uploadContent(call.body, input, request.signal);
  const version = await storage.files.upload(newFile(input, target, options), content);
  record.encryption = version.encryption.mode;
  return storedFileView(version, grant.capabilities, input.serverSideEncryption);
};
