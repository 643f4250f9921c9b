import { ByteStreamError } from '@coffer/bytes';
import { RequestBodyError, type RequestBodyErrorCode } from '@coffer/http';
import { encryptionError, invalidRequest, S3Error, type S3ErrorCode } from '@coffer/s3-schema';
import { SigV4Error, type SigV4ErrorCode } from '@coffer/sigv4';
import { SseViolationError } from '@coffer/sse-schema';
import { StorageError } from '@coffer/storage-core';
import { answerStorageError, internalError, type ErrorSubject } from './storage-answers.ts';

const bodyAnswers: Readonly<Record<RequestBodyErrorCode, (error: Error) => S3Error>> = {
  timeout: () => new S3Error('RequestTimeout', { headers: [['Connection', 'close']] }),
  aborted: () => new S3Error('IncompleteBody'),
  too_short: () => new S3Error('IncompleteBody'),
  too_long: () => new S3Error('IncompleteBody'),
  already_read: (error) => internalError(error),
};

/** Any error as an answer. An error of an unknown kind becomes an internal error. */
export function answerError(error: unknown, subject: ErrorSubject): S3Error {
  if (error instanceof S3Error) return error;
  if (error instanceof SigV4Error) return answerSignatureError(error);
  const cause = causeOf(error);
  if (cause instanceof RequestBodyError) return bodyAnswers[cause.code](cause);
  if (cause !== undefined) return answerError(cause, subject);
  if (StorageError.is(error)) return answerStorageError(error, subject);
  if (error instanceof SseViolationError) return encryptionError(error.code);
  if (error instanceof ByteStreamError) return invalidRequest(error.message);
  return internalError(error);
}

/** Every code of a refused signature or chunk is a code of S3; this does not compile otherwise. */
function answerSignatureError({ code, message, details }: SigV4Error): S3Error {
  const answered: S3ErrorCode = code satisfies SigV4ErrorCode;
  return new S3Error(answered, { message, details });
}

/**
 * The failure of the request's body, also where a layer below has wrapped it: a slow sender must learn that it
 * was slow,
 * and a sender of bad chunks what is bad about them.
 */
function causeOf(error: unknown): RequestBodyError | SigV4Error | S3Error | undefined {
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
    if (current instanceof RequestBodyError || current instanceof SigV4Error || current instanceof S3Error) {
      return current;
    }
    current = current.cause;
  }
  return undefined;
}
