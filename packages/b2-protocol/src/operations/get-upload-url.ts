import { uploadUrl } from '../upload/upload-url.ts';
import type { JsonHandler } from './handler.ts';

export const getUploadUrl: JsonHandler<'b2_get_upload_url'> = async ({ bucketId }, call) => {
  await call.storage.buckets.get(bucketId);
  const authorizationToken = await call.storage.tokens.issueUploadToken(call.grant, bucketId);
  return { authorizationToken, bucketId, uploadUrl: uploadUrl(call, 'b2_upload_file', bucketId) };
};
