import { copyPartXml, invalidArgument, invalidRequest, writtenHeaders, type CopyRange } from '@coffer/s3-schema';
import { viewOf } from '@coffer/sse-schema';
import { requireUpload } from '../multipart/find-upload.ts';
import { openSource, storedSource } from '../objects/copying.ts';
import { checksumView } from '../objects/views.ts';
import { xmlResponse } from '../request/responses.ts';
import type { Handler } from './handler.ts';

/** AWS docs `UploadPartCopy`. */
export const uploadPartCopy: Handler<'UploadPartCopy'> = async (call) => {
  const { bucket, grant, key, record, request, storage } = call;
  const { headers, query, encryption } = call.input;
  const { uploadId, partNumber } = query;
  const upload = await requireUpload(storage, bucket, key, uploadId);
  const source = await openSource({ storage, grant, encryption: encryption.source }, headers);
  const range = rangeOf(headers.range, source.version.size);
  const part = await storage.copies.copyPart({
    source: storedSource(source, encryption.source, range),
    fileId: uploadId,
    partNumber,
    signal: request.signal,
    ...(encryption.target !== undefined && { encryption: encryption.target }),
  });
  record.encryption = upload.encryption.mode;
  const { checksum } = checksumView(part.furtherChecksum, null);
  const { entityTag: etag, uploadTimestamp: lastModified } = part;
  return xmlResponse(
    copyPartXml({ etag, lastModified, ...(checksum !== undefined && { checksum }) }),
    writtenHeaders({
      sourceVersionId: source.version.fileId,
      encryption: viewOf(upload.encryption.mode, encryption.target),
    }),
  );
};

/** A range must lie within the source; without one, all of the source is copied. */
function rangeOf(
  range: CopyRange | undefined,
  size: number,
): { readonly start: number; readonly end: number } | undefined {
  if (range === undefined) return undefined;
  if (range.first >= size) throw invalidRequest('The specified copy range is invalid for the source object size');
  if (range.last >= size) {
    const message = `Range specified is not valid for source object of size: ${size}`;
    throw invalidArgument('x-amz-copy-source-range', message);
  }
  return { start: range.first, end: range.last };
}
