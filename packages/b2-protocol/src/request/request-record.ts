import { encodeHex } from '@coffer/bytes';
import type { ApiVersion, B2ErrorCode, ExtensionName, OperationName } from '@coffer/b2-schema';
import { followAnswer, TrackedBody, type AnswerEnd, type HttpRequest, type HttpResponse } from '@coffer/http';
import type { SseMode } from '@coffer/sse-schema';
import type { BucketReference } from '../cors/bucket-reference.ts';
import type { B2Options, B2RequestEvent, RefusedCredentials } from '../options.ts';

const requestIdBytes = 12;

/** What is known of a request while it is answered; told to the server once the last byte of the answer is out. */
export class RequestRecord {
  readonly requestId: string;
  readonly body: TrackedBody;
  operation: OperationName | ExtensionName | null = null;
  version: ApiVersion | null = null;
  encryption: SseMode | null = null;
  /** The caller's application key. */
  keyId: string | null = null;
  bucketId: string | null = null;
  refusedCredentials: RefusedCredentials | null = null;
  /** Whether the answer is an error that test mode made on purpose. */
  deliberate = false;
  /**
   * The bucket whose CORS rules apply; null until a part of the request has named it, and where no CORS rules matter.
   */
  about: BucketReference | null = null;
  readonly #options: B2Options;
  readonly #request: HttpRequest;
  readonly #startedAt: number;

  constructor(options: B2Options, request: HttpRequest) {
    this.#options = options;
    this.#request = request;
    this.#startedAt = options.clock.now();
    this.requestId = encodeHex(options.random.bytes(requestIdBytes));
    this.body = new TrackedBody(request);
  }

  /** The answer with its request id, made so that its end is noticed. */
  answer(response: HttpResponse, errorCode: B2ErrorCode | null): HttpResponse {
    const headers = [...response.headers, ['X-Bz-Request-Id', this.requestId] as const];
    return followAnswer({ ...response, headers }, (end) => {
      this.#finish(response.status, errorCode, end);
      if (end.error !== undefined && !this.#request.signal.aborted) this.report(end.error);
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

  #finish(status: number, errorCode: B2ErrorCode | null, end: AnswerEnd): void {
    try {
      const event: B2RequestEvent = {
        requestId: this.requestId,
        peer: this.#request.peer.address,
        keyId: this.keyId,
        bucketId: this.bucketId,
        refusedCredentials: this.refusedCredentials,
        operation: this.operation,
        method: this.#request.method,
        version: this.version,
        status,
        errorCode,
        bytesIn: this.body.bytes,
        bytesOut: end.bytes,
        durationMs: Math.max(0, this.#options.clock.now() - this.#startedAt),
        encryption: this.encryption,
        deliberate: this.deliberate,
        incomplete: !end.complete,
      };
      this.#options.onRequest?.(event, this.#request);
    } catch (error) {
      this.report(error);
    }
  }
}
