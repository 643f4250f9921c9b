import { statusOf, type B2ErrorCode } from '@coffer/b2-schema';
import type { HeaderPair } from '@coffer/http';

/** What a {@link B2Error} carries besides its code and message. */
export interface B2ErrorOptions {
  /** The HTTP status, for a code that comes with more than one; by default the usual one of the code. */
  readonly status?: number;
  readonly headers?: readonly HeaderPair[];
  readonly cause?: unknown;
  /** Whether test mode made the error on purpose, so that it is not reported to the operator. */
  readonly deliberate?: boolean;
}

/** An answer that is an error, as the caller gets it. The message must not hold a secret. */
export class B2Error extends Error {
  override readonly name = 'B2Error';
  readonly code: B2ErrorCode;
  readonly status: number;
  readonly headers: readonly HeaderPair[];
  readonly deliberate: boolean;

  constructor(code: B2ErrorCode, message: string, options: B2ErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : {});
    this.code = code;
    this.status = options.status ?? statusOf(code);
    this.headers = options.headers ?? [];
    this.deliberate = options.deliberate ?? false;
  }
}

export function badRequest(message: string): B2Error {
  return new B2Error('bad_request', message);
}

/**
 * The answer where a valid token does not allow the call. The message is empty, as the service's is: b2sdk then
 * explains by itself which capabilities and restrictions the key has.
 */
export function unauthorized(): B2Error {
  return new B2Error('unauthorized', '');
}

/**
 * The answer for a caller without the capability: the code that the operation's row names, or `unauthorized` if it
 * names none.
 */
export function notPermitted(code?: 'access_denied'): B2Error {
  return code === undefined ? unauthorized() : new B2Error(code, 'Access Denied', { status: 403 });
}

export function notFound(message = 'File not present'): B2Error {
  return new B2Error('not_found', message);
}
