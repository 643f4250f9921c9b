import { copyObjectXml, invalidRequest, maxUploadSize, writtenHeaders } from '@coffer/s3-schema';
import { viewOf } from '@coffer/sse-schema';
import type { FoundSource } from '../access/copy-source.ts';
import { openSource, storedSource } from '../objects/copying.ts';
import { lockSettings, requireBucketAcl } from '../objects/new-object.ts';
import { checksumView, entityTagOf } from '../objects/views.ts';
import { underCondition, writeCondition } from '../objects/write-conditions.ts';
import { xmlResponse } from '../request/responses.ts';
import type { Handler, ObjectCall } from './handler.ts';

type Call = ObjectCall<'CopyObject'>;

/** AWS docs `CopyObject`. */
export const copyObject: Handler<'CopyObject'> = async (call) => {
  const { bucket, grant, key, options, record, request, storage } = call;
  const { headers, encryption } = call.input;
  requireBucketAcl(headers.acl, bucket);
  const lock = lockSettings(headers, options.clock.now());
  const condition = writeCondition(headers.conditions, options);
  const source = await openSource({ storage, grant, encryption: encryption.source }, headers);
  requireChange(call, source);
  requireCopySize(source.version.size);
  const version = await underCondition(condition, key, () =>
    storage.copies.copyFile({
      source: storedSource(source, encryption.source),
      bucketId: bucket.bucketId,
      name: key,
      lock,
      signal: request.signal,
      ...(headers.replacement !== undefined && { metadata: headers.replacement }),
      ...(encryption.target !== undefined && { encryption: encryption.target }),
      ...(headers.checksum !== undefined && { furtherChecksum: headers.checksum.algorithm }),
      ...(condition !== undefined && { condition }),
    }),
  );
  record.encryption = version.encryption.mode;
  const document = copyObjectXml({
    etag: await entityTagOf(storage, version),
    lastModified: version.uploadTimestamp,
    ...given(checksumView(await storage.reads.furtherChecksum(version), null)),
  });
  return xmlResponse(
    document,
    writtenHeaders({
      versionId: version.fileId,
      sourceVersionId: source.version.fileId,
      encryption: viewOf(version.encryption.mode, encryption.target),
    }),
  );
};

function given({ checksum, checksumType }: ReturnType<typeof checksumView>) {
  return { ...(checksum !== undefined && { checksum }), ...(checksumType !== undefined && { checksumType }) };
}

/**
 * A copy of an object onto itself must change something; a change of its encryption is one. An SSE-C object always
 * changes: to another key or mode, or to none. An SSE-S3 object is not decrypted by a request that says nothing of it.
 */
function requireChange({ bucket, key, input }: Call, source: FoundSource): void {
  const isItself = source.bucket.bucketId === bucket.bucketId && source.version.name === key;
  const { headers, encryption } = input;
  const changes =
    headers.replacement !== undefined ||
    headers.source.versionId !== undefined ||
    encryption.target !== undefined ||
    source.version.encryption.mode === 'SSE-C' ||
    bucket.defaultEncryption !== 'none';
  if (!isItself || changes) return;
  throw invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's " +
      'metadata, storage class, website redirect location or encryption attributes.',
  );
}

/** A longer source is copied in parts. */
function requireCopySize(size: number): void {
  if (size <= maxUploadSize) return;
  throw invalidRequest(
    `The specified copy source is larger than the maximum allowable size for a copy source: ${maxUploadSize}`,
  );
}
