import { invalidArgument, listUploadsXml, type ListedUpload } from '@coffer/s3-schema';
import { StorageError, type FileVersion } from '@coffer/storage-core';
import { nameOf, splitRows } from '../lists/listed-objects.ts';
import { checksumTypeOf } from '../objects/views.ts';
import { xmlResponse } from '../request/responses.ts';
import type { BucketCall, Handler } from './handler.ts';

type Call = BucketCall<'ListMultipartUploads'>;

/** AWS docs `ListMultipartUploads`. */
export const listMultipartUploads: Handler<'ListMultipartUploads'> = async (call) => {
  const { bucket, input } = call;
  const { prefix, delimiter, encoding, keyMarker, uploadIdMarker, maxUploads } = input.query;
  const { rows, isTruncated } = await pageOf(call);
  const { versions, commonPrefixes } = splitRows(rows);
  const last = rows.at(-1);
  const document = listUploadsXml({
    bucket: bucket.name,
    prefix,
    delimiter,
    encoding,
    keyMarker: keyMarker ?? '',
    uploadIdMarker: uploadIdMarker ?? '',
    maxUploads,
    isTruncated,
    nextKeyMarker: last === undefined ? '' : nameOf(last),
    nextUploadIdMarker: last?.kind === 'version' ? last.version.fileId : '',
    uploads: versions.map((version) => listedUpload(version, bucket.accountId)),
    commonPrefixes,
  });
  return xmlResponse(document);
};

async function pageOf({ bucket, input, storage }: Call) {
  const { prefix, delimiter, keyMarker, uploadIdMarker, maxUploads } = input.query;
  if (maxUploads === 0) return { rows: [], isTruncated: false };
  const marker = uploadIdMarker === undefined ? {} : { fileId: uploadIdMarker };
  try {
    return await storage.listings.unfinished({
      bucketId: bucket.bucketId,
      prefix,
      limit: maxUploads,
      ...(delimiter !== undefined && { delimiter }),
      ...(keyMarker !== undefined && { after: { name: keyMarker, ...marker } }),
    });
  } catch (error) {
    if (!StorageError.is(error, 'invalid') || error.details.field !== 'fileId') throw error;
    throw invalidArgument('upload-id-marker', 'Invalid uploadId marker', uploadIdMarker);
  }
}

function listedUpload({ name, fileId, uploadTimestamp, checksums }: FileVersion, accountId: string): ListedUpload {
  const upload = { key: name, uploadId: fileId, owner: { id: accountId }, initiated: uploadTimestamp };
  const { further } = checksums;
  return further === undefined
    ? upload
    : { ...upload, checksum: { algorithm: further.algorithm, type: checksumTypeOf(further) } };
}
