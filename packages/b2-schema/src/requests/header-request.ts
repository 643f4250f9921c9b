import type { HeaderLookup, HeaderPair, HeaderSource, SseViolation } from '@coffer/sse-schema';
import type { B2ErrorCode } from '../values/error-codes.ts';

/** A refused request: what to answer, the field at fault, and which rule of encryption was broken, if one was. */
export interface RequestProblem {
  readonly ok: false;
  readonly code: B2ErrorCode;
  readonly message: string;
  readonly field?: string;
  readonly violation?: SseViolation;
}

/** What parsing a request gives. Never throws; a message never holds the value of a secret. */
export type RequestResult<T> = { readonly ok: true; readonly value: T } | RequestProblem;

/** A request, or a part of one, that comes in headers. */
export interface HeaderRequest<T extends object> {
  /** Reads the headers (pairs, `Headers`, or Node's `headers` object); those it does not know are left alone. */
  parse(headers: Exclude<HeaderSource, HeaderLookup>): RequestResult<T>;
  /**
   * The headers with which a client sends `value`, as `new Headers()` takes them. They may hold a customer key in
   * clear.
   */
  print(value: T): HeaderPair[];
}

export function problem(
  message: string,
  details: Partial<Pick<RequestProblem, 'code' | 'field' | 'violation'>> = {},
): RequestProblem {
  return { ok: false, code: 'bad_request', message, ...details };
}
