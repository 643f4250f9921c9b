import { ByteStreamError } from '@coffer/bytes';
import { RequestBodyError, type RequestBodyErrorCode } from '@coffer/http';
import { SseViolationError } from '@coffer/sse-schema';
import { StorageError } from '@coffer/storage-core';
import { B2Error, badRequest } from './b2-error.ts';
import { sseErrorCodes } from './sse-answers.ts';
import { answerStorageError, internalError } from './storage-answers.ts';

const bodyAnswers: Readonly<Record<RequestBodyErrorCode, () => B2Error>> = {
  timeout: () => new B2Error('request_timeout', 'The body did not arrive in time'),
  aborted: () => badRequest('The connection was closed inside the body'),
  too_short: () => badRequest('The body is shorter than its Content-Length'),
  too_long: () => badRequest('The body is longer than its Content-Length'),
  already_read: () => internalError(undefined),
};

/** Any error as an answer. An error of an unknown kind becomes an internal error. */
export function answerError(error: unknown): B2Error {
  if (error instanceof B2Error) return error;
  const body = bodyErrorOf(error);
  if (body !== undefined) return bodyAnswers[body.code]();
  if (StorageError.is(error)) return answerStorageError(error);
  if (error instanceof SseViolationError) return new B2Error(sseErrorCodes[error.code], error.message);
  if (error instanceof ByteStreamError) return badRequest(error.message);
  return internalError(error);
}

/**
 * The failure of the request's body, also where a layer below has wrapped it: a slow sender must learn that it was
 * slow.
 */
function bodyErrorOf(error: unknown): RequestBodyError | undefined {
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
    if (current instanceof RequestBodyError) return current;
    current = current.cause;
  }
  return undefined;
}
