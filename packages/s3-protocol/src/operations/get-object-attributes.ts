import { formatHttpDate } from '@coffer/http';
import { objectAttributesXml, writtenHeaders, type ObjectParts } from '@coffer/s3-schema';
import { viewOf } from '@coffer/sse-schema';
import type { FileVersion } from '@coffer/storage-core';
import { findVersion, markerRefusal } from '../objects/find-version.ts';
import { checksumView, entityTagOf } from '../objects/views.ts';
import { xmlResponse } from '../request/responses.ts';
import type { Handler, ObjectCall } from './handler.ts';

type Call = ObjectCall<'GetObjectAttributes'>;

/** AWS docs `GetObjectAttributes`. */
export const getObjectAttributes: Handler<'GetObjectAttributes'> = async (call) => {
  const { bucket, key, record, storage } = call;
  const { attributes } = call.input.headers;
  const version = await findVersion(storage, {
    bucket,
    key,
    versionId: call.input.query.versionId,
    ofMarker: markerRefusal(call.request),
  });
  record.encryption = version.encryption.mode;
  // What the attributes tell of an object with SSE-C is for the holder of its key.
  (await storage.reads.open(version, call.input.encryption.target)).close();
  const further = attributes.has('Checksum') ? await storage.reads.furtherChecksum(version) : null;
  const { checksum, checksumType } = checksumView(further, null);
  const document = objectAttributesXml({
    ...(attributes.has('ETag') && { etag: await entityTagOf(storage, version) }),
    ...(checksum !== undefined && { checksum }),
    ...(checksumType !== undefined && { checksumType }),
    ...(attributes.has('ObjectParts') && version.partCount !== null && { objectParts: await partsOf(call, version) }),
    hasStorageClass: attributes.has('StorageClass'),
    ...(attributes.has('ObjectSize') && { objectSize: version.size }),
  });
  return xmlResponse(document, [
    ['Last-Modified', formatHttpDate(version.uploadTimestamp)],
    ...writtenHeaders({
      versionId: version.fileId,
      encryption: viewOf(version.encryption.mode, call.input.encryption.target),
    }),
  ]);
};

/** A page of the parts. Single ones are told only where they have checksums, as AWS does. */
async function partsOf({ input, storage }: Call, version: FileVersion): Promise<ObjectParts> {
  const { maxParts, partNumberMarker } = input.headers;
  if (maxParts === 0) {
    const { partCount } = version;
    return {
      count: partCount ?? 0,
      partNumberMarker,
      nextPartNumberMarker: 0,
      maxParts,
      isTruncated: false,
      parts: [],
    };
  }
  const page = await storage.reads.parts(version, { afterPartNumber: partNumberMarker, limit: maxParts });
  const parts = page.parts.flatMap(({ partNumber, size, furtherChecksum }) => {
    const { checksum } = checksumView(furtherChecksum, null);
    return checksum === undefined ? [] : [{ partNumber, size, checksum }];
  });
  const nextPartNumberMarker = page.parts.at(-1)?.partNumber ?? 0;
  return { count: page.count, partNumberMarker, nextPartNumberMarker, maxParts, isTruncated: page.isTruncated, parts };
}
