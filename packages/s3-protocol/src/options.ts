import type { HttpRequest } from '@coffer/http';
import type { S3ErrorCode, S3OperationName } from '@coffer/s3-schema';
import type { SseMode } from '@coffer/sse-schema';
import type { Storage } from '@coffer/storage-core';
import type { Clock, RandomSource } from '@coffer/storage-ports';

/** Why a request was refused before it was looked at: its key or its signature is not valid. */
export type RefusedSignature = 'InvalidAccessKeyId' | 'SignatureDoesNotMatch';

/** What {@link S3Options.onRequest} is told of a finished request. Names no object and no header, and no secret. */
export interface S3RequestEvent {
  /** The id that the answer has in `x-amz-request-id`. */
  readonly requestId: string;
  /** IP address of the client; empty where there is none. */
  readonly peer: string;
  /** The application key that signed the request; null for anonymous requests and those whose signature was refused. */
  readonly keyId: string | null;
  /** The bucket that the request is about, if it exists; for a copy, the one that is written to. */
  readonly bucketId: string | null;
  /** Null where the signature was right, or there was none. */
  readonly refusedSignature: RefusedSignature | null;
  /** Null where the request means no operation. */
  readonly operation: S3OperationName | null;
  /** As received, so a method may be anything. */
  readonly method: string;
  readonly status: number;
  /** Null for a success. */
  readonly errorCode: S3ErrorCode | null;
  /** Bytes of the request's body that were read. */
  readonly bytesIn: number;
  /** Bytes of the answer's body that were handed on. */
  readonly bytesOut: number;
  /** From the head of the request to the end of the answer's body. */
  readonly durationMs: number;
  /** How the object that was written or read is encrypted; null where there was none. */
  readonly encryption: SseMode | null;
  /** Whether the answer's body was cut: by an error, or because the client went away. */
  readonly incomplete: boolean;
}

/** What the handler works with, and how it behaves where the operator may choose. */
export interface S3Options {
  readonly storage: Storage;
  readonly clock: Clock;
  /** For the ids of requests. */
  readonly random: RandomSource;
  /** The region of all buckets, and further names that clients may use for it. */
  readonly regions: readonly [string, ...string[]];
  /** Base domains: a request to `<bucket>.<domain>` is about that bucket. Default: none, the bucket is in the path. */
  readonly domains?: readonly string[];
  /** Where a client finds this server, for answers with URLs: an origin without a slash at the end. */
  readonly origin: (request: HttpRequest) => string;
  /**
   * Take customer keys over connections that others can read. By default a request with a customer key is refused
   * unless the connection is TLS or comes from this machine.
   */
  readonly allowInsecureCustomerKeys?: boolean;
  /** The status of the answer to a wrong customer key: AWS has 403, which is the default; other servers have 400. */
  readonly wrongCustomerKeyStatus?: 400 | 403;
  /** Refuse to complete a multipart upload with SSE-C without its customer key. Default: false, as AWS. */
  readonly completeNeedsCustomerKey?: boolean;
  /**
   * The status of the answer to a part number that an object does not have: 416 by default, as AWS; others have
   * 400.
   */
  readonly missingPartStatus?: 400 | 416;
  /**
   * Be as strict as Backblaze's service where that is poorer than AWS: no conditional writes, no hint at the right
   * region, and a checksum is demanded where AWS's pages do. Default: false.
   */
  readonly b2Strict?: boolean;
  /** Called once for each request, after the last byte of its answer. */
  readonly onRequest?: (event: S3RequestEvent, request: HttpRequest) => void;
  /**
   * Called and awaited before the answer to an unknown key or a wrong signature, so that a server can slow down clients
   * that guess. Resolves to whether the connection is to be closed. It must not reject.
   */
  readonly onRefusedSignature?: (request: HttpRequest) => Promise<boolean>;
  /**
   * Called for each error whose cause the client does not learn: what the server did not expect, and stored data that
   * is damaged. The client gets the request id, so that its user and the operator can speak of the same error.
   */
  readonly onError?: (error: unknown, requestId: string) => void;
}
