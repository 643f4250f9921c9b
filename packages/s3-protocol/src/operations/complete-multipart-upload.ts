import { decodeBase64 } from '@coffer/bytes';
import {
  badChecksum,
  checksumProblems,
  completeUploadXml,
  encodePath,
  invalidRequest,
  S3Error,
  printEtag,
  writtenHeaders,
  type ChecksumAlgorithm,
  type CompletedPart,
} from '@coffer/s3-schema';
import { viewOf } from '@coffer/sse-schema';
import { StorageError, type FurtherChecksum, type ListedPart } from '@coffer/storage-core';
import { requireCompletable } from '../multipart/completable.ts';
import { checksumTypeOf, checksumView, entityTagOf } from '../objects/views.ts';
import { underCondition, writeCondition } from '../objects/write-conditions.ts';
import { xmlResponse } from '../request/responses.ts';
import type { Handler, ObjectCall } from './handler.ts';

type Call = ObjectCall<'CompleteMultipartUpload'>;

/** AWS docs `CompleteMultipartUpload`. Only records change, so it is answered when all is done. */
export const completeMultipartUpload: Handler<'CompleteMultipartUpload'> = async (call) => {
  const { bucket, key, options, record, storage } = call;
  const { headers, query, encryption } = call.input;
  const { uploadId } = query;
  const condition = writeCondition(headers.conditions, options);
  const upload = await requireCompletable(storage, bucket, key, uploadId);
  const chosen = await storage.reads.furtherChecksum(upload);
  requireCustomerKey(call, upload.encryption.mode);
  requireSameType(call, chosen);
  const version = await explained(call, chosen?.algorithm, () =>
    underCondition(condition, key, () =>
      storage.largeFiles.complete(uploadId, call.document.map(listedPart), {
        ...(condition !== undefined && { condition }),
        ...(encryption.target !== undefined && { encryption: encryption.target }),
        ...(headers.objectSize !== undefined && { size: headers.objectSize }),
        ...expectedChecksum(call, chosen),
      }),
    ),
  );
  record.encryption = version.encryption.mode;
  const { checksum, checksumType } = checksumView(await storage.reads.furtherChecksum(version), version.partCount);
  const document = completeUploadXml({
    location: `${options.origin(call.request)}/${bucket.name}/${encodePath(key)}`,
    bucket: bucket.name,
    key,
    etag: await entityTagOf(storage, version),
    ...(checksum !== undefined && { checksum }),
    ...(checksumType !== undefined && { checksumType }),
  });
  return xmlResponse(
    document,
    writtenHeaders({ versionId: version.fileId, encryption: viewOf(version.encryption.mode, encryption.target) }),
  );
};

function listedPart({ partNumber, etag, checksum }: CompletedPart): ListedPart {
  const bytes = checksum && decodeBase64(checksum.value);
  return { partNumber, entityTag: etag, ...(bytes !== undefined && { furtherChecksum: bytes }) };
}

/** AWS needs no key here; other servers do, and an operator may want the same. */
function requireCustomerKey({ input, options }: Call, mode: string): void {
  if (options.completeNeedsCustomerKey !== true || mode !== 'SSE-C' || input.encryption.target !== undefined) return;
  throw invalidRequest(
    'The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate ' +
      'encryption parameters.',
  );
}

function requireSameType({ input }: Call, chosen: FurtherChecksum | null): void {
  const { checksumType } = input.headers;
  if (checksumType === undefined || chosen === null || checksumType === checksumTypeOf(chosen)) return;
  throw checksumProblems.otherType(checksumTypeOf(chosen));
}

/** The checksum that the request says that the whole object has; a number of parts belongs to it. */
function expectedChecksum({ document, input }: Call, chosen: FurtherChecksum | null) {
  const { checksum, checksumType } = input.headers;
  if (checksum === undefined) return {};
  if (checksum.parts !== undefined && checksum.parts !== document.length) throw badChecksum(checksum.algorithm);
  const value = decodeBase64(checksum.value);
  if (value === undefined) return {};
  const isOfParts = checksum.parts !== undefined || (chosen?.of ?? 'content') === 'parts';
  const of = checksumType === 'FULL_OBJECT' || !isOfParts ? 'content' : 'parts';
  return { furtherChecksum: { algorithm: checksum.algorithm, of, value } } as const;
}

/** Errors of parts, in the words that AWS has for them. */
async function explained<T>(
  { document, input }: Call,
  algorithm: ChecksumAlgorithm | undefined,
  complete: () => Promise<T>,
): Promise<T> {
  try {
    return await complete();
  } catch (error) {
    const stated = input.headers.checksum?.algorithm;
    if (StorageError.is(error, 'invalid') && error.details.field === 'furtherChecksum' && stated !== undefined) {
      throw checksumProblems.otherAlgorithm(algorithm, stated);
    }
    if (StorageError.is(error, 'size_mismatch')) {
      throw checksumProblems.otherSize(error.details.expected, error.details.actual);
    }
    if (StorageError.is(error, 'part_checksum_missing') && algorithm !== undefined) {
      throw checksumProblems.missingPart(algorithm, error.details.partNumber);
    }
    if (StorageError.is(error, 'part_checksum_mismatch')) {
      const { partNumber } = error.details;
      const sent = document.find((part) => part.partNumber === partNumber)?.checksum?.algorithm;
      throw checksumProblems.otherPart(algorithm ?? sent ?? 'CRC32', partNumber);
    }
    if (StorageError.is(error, 'part_missing') || StorageError.is(error, 'part_tag_mismatch')) {
      const { partNumber } = error.details;
      const etag = document.find((part) => part.partNumber === partNumber)?.etag ?? '';
      throw new S3Error('InvalidPart', {
        details: { UploadId: input.query.uploadId, PartNumber: partNumber, ETag: printEtag(etag) },
      });
    }
    throw error;
  }
}
