import { present } from '../request/present.ts';
import { uploadContent } from '../upload/upload-content.ts';
import { partView } from '../views/part-view.ts';
import type { UploadHandler } from './handler.ts';

export const uploadPart: UploadHandler<'b2_upload_part'> = async (input, call) => {
  const { record, request, storage, target: fileId } = call;
  const { partNumber, serverSideEncryption: encryption } = input;
  const file = await storage.largeFiles.get(fileId);
  const content = uploadContent(call.body, input, request.signal);
  const part = await storage.largeFiles.uploadPart({ fileId, partNumber, ...present({ encryption }) }, content);
  record.encryption = file.encryption.mode;
  return partView(part, record.encryption, encryption);
};
