import { decodeBase64, type ByteStream } from '@coffer/bytes';
import {
  checksumAlgorithms,
  parseChecksumValue,
  S3Error,
  type BodyChecksum,
  type ChecksumAlgorithm,
} from '@coffer/s3-schema';
import { openPayload, type OpenedPayload } from '@coffer/sigv4';
import type { FurtherClaim, UploadBody } from '@coffer/storage-core';
import type { Verified } from '../access/authenticate.ts';
import type { RequestRecord } from '../request/request-record.ts';

/** The body of a request: data, out of its chunks. */
export class RequestBody {
  readonly #verified: Verified;
  readonly #record: RequestRecord;
  readonly #declared: number | undefined;
  #opened: OpenedPayload | undefined;

  /** `declared`: the `Content-Length` of the request. */
  constructor(verified: Verified, record: RequestRecord, declared: number | undefined) {
    this.#verified = verified;
    this.#record = record;
    this.#declared = declared;
  }

  /**
   * The stream of the data, to be read once; it fails unless the data is what the head of the request said.
   *
   * @throws SigV4Error for headers of a chunked body that are wrong.
   */
  get stream(): ByteStream {
    return this.#open().stream;
  }

  /** Bytes of data; undefined where the request does not say so. */
  get length(): number | undefined {
    return this.#open().length ?? this.#declared;
  }

  /** Forgets what the body's signatures would have been checked with, where nobody has read the body. */
  release(): void {
    const { payload } = this.#verified.kind === 'anonymous' ? { payload: undefined } : this.#verified;
    if (this.#opened === undefined && payload?.kind === 'aws-chunked') payload.signatures?.wipe();
  }

  /** The trailer of that name, once the stream has ended. */
  trailer(name: string): string | undefined {
    return this.#open()
      .trailers()
      .find(([other]) => other.toLowerCase() === name)?.[1];
  }

  #open(): OpenedPayload {
    this.#opened ??=
      this.#verified.kind === 'anonymous'
        ? { stream: this.#record.body, length: undefined, trailers: () => [] }
        : openPayload(this.#verified, this.#record.body);
    return this.#opened;
  }
}

/** Data to be stored, and what comes behind it. */
export type UploadData = Pick<RequestBody, 'stream' | 'length' | 'trailer'>;

/** What the headers of an upload say of its body. */
export interface UploadClaims extends BodyChecksum {
  readonly contentMd5: Uint8Array | undefined;
}

/**
 * The data of an upload as the core takes it, with all that is claimed of it.
 *
 * @param maximum Bytes that the data may have.
 * @throws S3Error `EntityTooLarge`, before a byte is read.
 */
export function uploadContent(
  body: UploadData,
  claims: UploadClaims,
  { maximum, signal }: { readonly maximum: number; readonly signal: AbortSignal },
): UploadBody {
  const { stream, length } = body;
  if (length !== undefined && length > maximum) {
    throw new S3Error('EntityTooLarge', { details: { ProposedSize: length, MaxSizeAllowed: maximum } });
  }
  const further = furtherClaim(body, claims);
  return {
    body: length === undefined ? { stream, length, maximum } : { stream, length },
    sha1: { kind: 'computed' },
    ...(claims.contentMd5 !== undefined && { md5: claims.contentMd5 }),
    ...(further !== undefined && { further }),
    signal,
  };
}

function furtherClaim(body: UploadData, { checksum, trailer }: BodyChecksum): FurtherClaim | undefined {
  if (checksum !== undefined) {
    const bytes = decodeBase64(checksum.value);
    return { algorithm: checksum.algorithm, expected: () => bytes };
  }
  return trailer === undefined ? undefined : { algorithm: trailer, expected: () => trailingChecksum(body, trailer) };
}

function trailingChecksum(body: UploadData, algorithm: ChecksumAlgorithm): Uint8Array | undefined {
  const text = body.trailer(checksumAlgorithms[algorithm].header);
  if (text === undefined) throw new S3Error('MalformedTrailerError');
  return decodeBase64(parseChecksumValue(algorithm, text.trim(), { where: 'trailing header' }).value);
}
