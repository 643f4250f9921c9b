import { listPartsXml, type ListedPart } from '@coffer/s3-schema';
import type { FilePart } from '@coffer/storage-core';
import { requireUpload } from '../multipart/find-upload.ts';
import { checksumTypeOf, checksumView } from '../objects/views.ts';
import { xmlResponse } from '../request/responses.ts';
import type { Handler } from './handler.ts';

/** AWS docs `ListParts`. */
export const listParts: Handler<'ListParts'> = async ({ bucket, input, key, storage }) => {
  const { uploadId, maxParts, partNumberMarker } = input.query;
  const upload = await requireUpload(storage, bucket, key, uploadId);
  const chosen = await storage.reads.furtherChecksum(upload);
  const query = { fileId: uploadId, startPartNumber: partNumberMarker + 1, limit: maxParts };
  const page = maxParts === 0 ? { parts: [], nextPartNumber: null } : await storage.largeFiles.listParts(query);
  const document = listPartsXml({
    bucket: bucket.name,
    key,
    uploadId,
    owner: { id: bucket.accountId },
    partNumberMarker,
    nextPartNumberMarker: page.parts.at(-1)?.partNumber ?? 0,
    maxParts,
    isTruncated: page.nextPartNumber !== null,
    ...(chosen !== null && { checksum: { algorithm: chosen.algorithm, type: checksumTypeOf(chosen) } }),
    parts: page.parts.map(partView),
  });
  return xmlResponse(document);
};

function partView({ partNumber, uploadTimestamp, entityTag, size, furtherChecksum }: FilePart): ListedPart {
  const { checksum } = checksumView(furtherChecksum, null);
  const view = { partNumber, lastModified: uploadTimestamp, etag: entityTag, size };
  return checksum === undefined ? view : { ...view, checksum };
}
