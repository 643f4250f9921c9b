import type { B2ErrorCode, ExtensionName, OperationName } from '@coffer/b2-schema';

/** What can go wrong on this side of the connection, beside the codes that servers answer. */
export const localErrorCodes = [
  /** There was no answer, or the connection broke before its end. */
  'connection_failed',
  /** The answer did not begin within `timeoutMs`. */
  'timed_out',
  /** The request is malformed; it was not sent. */
  'invalid_request',
  /** A customer key would have gone over a connection that others can read; it was not sent. */
  'customer_key_over_http',
  /** The answer is not one of the B2 Native API. */
  'invalid_response',
  /** The server refused with a code that the API does not have; `serverCode` is the code. */
  'unknown_error',
  /** The SHA-1 of the data is not that of the file. */
  'checksum_mismatch',
  /** The key ring has no key for the file. */
  'customer_key_not_found',
  /** A stream is too long for the size of its parts. */
  'too_many_parts',
  /** A file of this machine was changed while it was transferred. */
  'file_changed',
  /** The client was closed. */
  'client_closed',
] as const;

/** A code of the client itself. */
export type LocalErrorCode = (typeof localErrorCodes)[number];

/** Every code that an error of the client can have. */
export type ClientErrorCode = B2ErrorCode | LocalErrorCode;

/** What is known of an error beside its code. */
export interface ClientErrorDetails {
  readonly operation?: OperationName | ExtensionName | undefined;
  readonly status?: number | undefined;
  readonly serverCode?: string | undefined;
  readonly serverMessage?: string | undefined;
  readonly requestId?: string | undefined;
  readonly field?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly attempts?: number;
  readonly mayHaveBeenDone?: boolean;
  readonly cause?: unknown;
}

/**
 * Everything that the client rejects with, except for the reason of an aborted signal and the errors of streams that
 * the caller gave it. Holds no key and no token: where a server repeats one in its text, it is taken out.
 *
 * @example
 * ```ts
 * const error = new ClientError('not_found', 'There is no such file', { status: 404 });
 * assert.equal(ClientError.is(error, 'not_found'), true);
 * ```
 */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly code: ClientErrorCode;
  /** The operation that failed. */
  readonly operation: OperationName | ExtensionName | undefined;
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** The `code` as the server wrote it; undefined if its answer had none, as that to a HEAD request. */
  readonly serverCode: string | undefined;
  /** The `message` of the server. */
  readonly serverMessage: string | undefined;
  /** `X-Bz-Request-Id` of the answer, by which the server's operator finds the request. */
  readonly requestId: string | undefined;
  /** The field of the request that is malformed. */
  readonly field: string | undefined;
  /** How long the server asked to wait. */
  readonly retryAfterSeconds: number | undefined;
  /** How many times the request was sent. */
  readonly attempts: number;
  /**
   * Whether an attempt ended without an answer, or with an internal error, so that the server may have done what was
   * asked. The last answer may then be that of a repetition: `file_not_present` after a file was deleted.
   */
  readonly mayHaveBeenDone: boolean;

  constructor(code: ClientErrorCode, message: string, details: ClientErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.operation = details.operation;
    this.status = details.status;
    this.serverCode = details.serverCode;
    this.serverMessage = details.serverMessage;
    this.requestId = details.requestId;
    this.field = details.field;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.attempts = details.attempts ?? (details.status === undefined ? 0 : 1);
    this.mayHaveBeenDone = details.mayHaveBeenDone ?? false;
  }

  /** Whether `error` is one of these, and has one of the codes, if any are named. */
  static is(error: unknown, ...codes: readonly ClientErrorCode[]): error is ClientError {
    return error instanceof ClientError && (codes.length === 0 || codes.includes(error.code));
  }
}
