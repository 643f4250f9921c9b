import { checksumProblems, maxUploadSize, writtenHeaders } from '@coffer/s3-schema';
import { viewOf } from '@coffer/sse-schema';
import type { FileVersion } from '@coffer/storage-core';
import { uploadContent } from '../body/request-body.ts';
import { requireUpload } from '../multipart/find-upload.ts';
import { checksumView } from '../objects/views.ts';
import { emptyResponse } from '../request/responses.ts';
import type { Handler, ObjectCall } from './handler.ts';

/** AWS docs `UploadPart`. */
export const uploadPart: Handler<'UploadPart'> = async (call) => {
  const { bucket, key, record, request, storage } = call;
  const { headers, query, encryption } = call.input;
  const { uploadId, partNumber } = query;
  const upload = await requireUpload(storage, bucket, key, uploadId);
  await requireSameAlgorithm(call, upload);
  const content = uploadContent(call.body, headers, { maximum: maxUploadSize, signal: request.signal });
  const target = { fileId: uploadId, partNumber, ...(encryption.target && { encryption: encryption.target }) };
  const part = await storage.largeFiles.uploadPart(target, content);
  record.encryption = upload.encryption.mode;
  const { checksum } = checksumView(part.furtherChecksum, null);
  return emptyResponse(
    writtenHeaders({
      etag: part.entityTag,
      encryption: viewOf(upload.encryption.mode, encryption.target),
      checksum,
    }),
  );
};

/** An upload that chose an algorithm takes no other; one that chose none takes any, since clients add one unasked. */
async function requireSameAlgorithm({ input, storage }: ObjectCall<'UploadPart'>, upload: FileVersion): Promise<void> {
  const { checksum, trailer } = input.headers;
  const sent = checksum?.algorithm ?? trailer;
  if (sent === undefined) return;
  const chosen = await storage.reads.furtherChecksum(upload);
  if (chosen !== null && chosen.algorithm !== sent) throw checksumProblems.otherAlgorithm(chosen.algorithm, sent);
}
