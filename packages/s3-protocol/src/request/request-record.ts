import { encodeBase64, encodeHex } from '@coffer/bytes';
import { followAnswer, TrackedBody, type AnswerEnd, type HttpRequest, type HttpResponse } from '@coffer/http';
import { s3Headers, type S3ErrorCode, type S3OperationName } from '@coffer/s3-schema';
import type { SseMode } from '@coffer/sse-schema';
import type { RefusedSignature, S3Options, S3RequestEvent } from '../options.ts';

const requestIdBytes = 8;
const hostIdBytes = 24;

/** What is known of a request while it is answered; told to the server once the last byte of the answer is out. */
export class RequestRecord {
  readonly requestId: string;
  /** The second id that AWS's answers have; it tells nothing. */
  readonly hostId: string;
  readonly body: TrackedBody;
  operation: S3OperationName | null = null;
  encryption: SseMode | null = null;
  keyId: string | null = null;
  bucketId: string | null = null;
  refusedSignature: RefusedSignature | null = null;
  /** Bucket and key of the request, for the `Resource` of an error; empty until they are known. */
  resource = '';
  /** The name of the bucket whose CORS rules apply; null until it is known. */
  bucketName: string | null = null;
  readonly #options: S3Options;
  readonly #request: HttpRequest;
  readonly #startedAt: number;

  constructor(options: S3Options, request: HttpRequest) {
    this.#options = options;
    this.#request = request;
    this.#startedAt = options.clock.now();
    this.requestId = encodeHex(options.random.bytes(requestIdBytes)).toUpperCase();
    this.hostId = encodeBase64(options.random.bytes(hostIdBytes));
    this.body = new TrackedBody(request);
  }

  /** The answer with its ids, made so that its end is noticed. */
  answer(response: HttpResponse, errorCode: S3ErrorCode | null): HttpResponse {
    const ids = [[s3Headers.requestId, this.requestId] as const, [s3Headers.hostId, this.hostId] as const];
    return followAnswer({ ...response, headers: [...ids, ...response.headers] }, (end) => {
      if (end.error !== undefined && !this.#request.signal.aborted) this.report(end.error);
      this.#finish(response.status, errorCode, end);
    });
  }

  /** Reports to the server an error whose cause the client does not learn. */
  report(error: unknown): void {
    try {
      this.#options.onError?.(error, this.requestId);
    } catch {
      // When reporting itself fails, there is nobody to report that to.
    }
  }

  #finish(status: number, errorCode: S3ErrorCode | null, end: AnswerEnd): void {
    const event: S3RequestEvent = {
      requestId: this.requestId,
      peer: this.#request.peer.address,
      keyId: this.keyId,
      bucketId: this.bucketId,
      refusedSignature: this.refusedSignature,
      operation: this.operation,
      method: this.#request.method,
      status,
      errorCode,
      bytesIn: this.body.bytes,
      bytesOut: end.bytes,
      durationMs: Math.max(0, this.#options.clock.now() - this.#startedAt),
      encryption: this.encryption,
      incomplete: !end.complete,
    };
    try {
      this.#options.onRequest?.(event, this.#request);
    } catch (error) {
      this.report(error);
    }
  }
}
