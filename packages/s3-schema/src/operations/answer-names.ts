import { s3SseHeaders } from '@coffer/sse-schema';
import { checksumAlgorithms, checksumNames } from '../values/checksum.ts';
import { s3Headers } from '../values/header-names.ts';

const encryption = [s3SseHeaders.encryption, s3SseHeaders.algorithm, s3SseHeaders.md5];
const checksums = checksumNames.map((name) => checksumAlgorithms[name].header);

/** Headers of the answer to a part. */
export const partAnswerHeaders = ['ETag', ...encryption, ...checksums];
/** Headers of the answer to an upload. */
export const writtenAnswerHeaders = ['ETag', s3Headers.versionId, ...encryption, ...checksums, s3Headers.checksumType];
/** Headers of an answer whose document has the entity tag. */
export const documentAnswerHeaders = [s3Headers.versionId, ...encryption];
/** Headers of the answer to a copy. */
export const copyAnswerHeaders = [s3Headers.versionId, s3Headers.copySourceVersionId, ...encryption];
/** Headers of the answer to a deletion. */
export const deletedAnswerHeaders = [s3Headers.deleteMarker, s3Headers.versionId];
/** Headers of the answer to a read, besides what is stored with the object. */
export const readAnswerHeaders = [
  'Accept-Ranges',
  'Content-Length',
  'Content-Range',
  'Content-Type',
  'ETag',
  'Last-Modified',
  s3Headers.versionId,
  ...encryption,
  ...checksums,
  s3Headers.checksumType,
  s3Headers.partsCount,
  s3Headers.lockMode,
  s3Headers.retainUntil,
  s3Headers.legalHold,
];
