import { createHash } from 'node:crypto';
import { constantTimeEqual, decodeBase64, stage, type ByteStream } from '@coffer/bytes';
import { createChecksum } from '@coffer/checksums';
import {
  badChecksum,
  badContentMd5,
  invalidRequest,
  S3Error,
  type BodyChecksum,
  type SupportedName,
} from '@coffer/s3-schema';

/** What the headers of a request say of the document in its body. */
export interface DocumentClaims {
  readonly contentMd5?: Uint8Array | undefined;
  readonly checksum?: BodyChecksum['checksum'];
  readonly trailer?: BodyChecksum['trailer'];
}

/**
 * What the headers say of the document. The checksum with which an upload is completed is that of the object, and says
 * nothing of the list of its parts (AWS docs `CompleteMultipartUpload`).
 */
export function documentClaims(name: SupportedName, headers: object): DocumentClaims {
  return name === 'CompleteMultipartUpload' ? {} : headers;
}

/**
 * The bytes of a document, whose end is a failure if they are not what the headers said.
 *
 * @throws S3Error `MalformedTrailerError` for a checksum that is to come behind the document, since only bodies in
 * chunks have trailers and a document is never sent so; `BadDigest` from the stream.
 */
export function checkedDocument(body: ByteStream, { contentMd5, checksum, trailer }: DocumentClaims): ByteStream {
  if (trailer !== undefined) throw new S3Error('MalformedTrailerError');
  if (contentMd5 === undefined && checksum === undefined) return body;
  return stage(body, async function* (source) {
    const md5 = createHash('md5');
    const further = checksum && (await createChecksum(checksum.algorithm));
    for await (const piece of source) {
      md5.update(piece);
      further?.update(piece);
      yield piece;
    }
    const found = md5.digest();
    if (contentMd5 !== undefined && !constantTimeEqual(found, contentMd5)) throw badContentMd5(contentMd5, found);
    if (checksum !== undefined && further !== undefined) {
      const expected = decodeBase64(checksum.value) ?? new Uint8Array(0);
      if (!constantTimeEqual(further.digest(), expected)) throw badChecksum(checksum.algorithm);
    }
  });
}

/** Operations whose pages say that a checksum of the document is required. */
const needIntegrity: readonly SupportedName[] = [
  'DeleteObjects',
  'PutObjectLockConfiguration',
  'PutObjectRetention',
  'PutObjectLegalHold',
];

/**
 * @throws S3Error `InvalidRequest` where an operation demands a checksum of its document and the request has none.
 */
export function requireIntegrity(name: SupportedName, { contentMd5, checksum }: DocumentClaims): void {
  if (!needIntegrity.includes(name) || contentMd5 !== undefined || checksum !== undefined) return;
  throw invalidRequest('Missing required header for this request: Content-MD5');
}
