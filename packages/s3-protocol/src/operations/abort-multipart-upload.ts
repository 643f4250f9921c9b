import { requireUpload } from '../multipart/find-upload.ts';
import { emptyResponse } from '../request/responses.ts';
import type { Handler } from './handler.ts';

/** AWS docs `AbortMultipartUpload`. */
export const abortMultipartUpload: Handler<'AbortMultipartUpload'> = async ({ bucket, input, key, storage }) => {
  const { uploadId } = input.query;
  await requireUpload(storage, bucket, key, uploadId);
  await storage.largeFiles.cancel(uploadId);
  return emptyResponse([], 204);
};
