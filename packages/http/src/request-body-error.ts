/** Why a request body could not be read to its end. */
export type RequestBodyErrorCode =
  /** No progress within the time allowed. */
  | 'timeout'
  /** The client went away, or broke the protocol, inside the body. */
  | 'aborted'
  /** The body ended before the declared length. */
  | 'too_short'
  /** The body went on behind the declared length. */
  | 'too_long'
  /** Somebody has read the body before, or begun to; or a piece was asked for before the previous one had arrived. */
  | 'already_read';

/** Thrown by `HttpRequest.body`; with code `aborted` also the reason of `HttpRequest.signal`. */
export class RequestBodyError extends Error {
  override readonly name = 'RequestBodyError';
  readonly code: RequestBodyErrorCode;

  constructor(code: RequestBodyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
