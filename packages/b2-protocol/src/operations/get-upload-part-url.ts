import { uploadUrl } from '../upload/upload-url.ts';
import type { JsonHandler } from './handler.ts';

export const getUploadPartUrl: JsonHandler<'b2_get_upload_part_url'> = async ({ fileId }, call) => {
  await call.storage.largeFiles.get(fileId);
  const authorizationToken = await call.storage.tokens.issuePartToken(call.grant, fileId);
  return { authorizationToken, fileId, uploadUrl: uploadUrl(call, 'b2_upload_part', fileId) };
};
