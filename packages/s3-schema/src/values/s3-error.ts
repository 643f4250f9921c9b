import type { HeaderPair } from '@coffer/http';
import { s3ErrorCodes, type S3ErrorCode, type S3ErrorDetail } from './error-codes.ts';

/** What an error may say besides its code. */
export interface S3ErrorOptions {
  /** Instead of the message of the code. Shown to the client: it must not hold a secret. */
  readonly message?: string;
  /** Elements of the error; numbers are printed in decimal. Those that the code does not have are not sent. */
  readonly details?: Readonly<Partial<Record<S3ErrorDetail, string | number>>>;
  /** Headers of the answer, such as `Allow`. */
  readonly headers?: readonly HeaderPair[];
  readonly cause?: unknown;
}

/** A request that is answered with an error of the S3 API. Thrown by everything here that reads what clients send. */
export class S3Error extends Error {
  override readonly name = 'S3Error';
  readonly code: S3ErrorCode;
  readonly details: Readonly<Partial<Record<S3ErrorDetail, string | number>>>;
  readonly headers: readonly HeaderPair[];

  constructor(code: S3ErrorCode, options: S3ErrorOptions = {}) {
    const cause = options.cause === undefined ? undefined : { cause: options.cause };
    super(options.message ?? s3ErrorCodes[code].message, cause);
    this.code = code;
    this.details = options.details ?? {};
    this.headers = options.headers ?? [];
  }

  /** The HTTP status of the answer. */
  get status(): number {
    return s3ErrorCodes[this.code].status;
  }
}

/** The most frequent refusal: an argument, by its name in the request, that is not as it must be. */
export function invalidArgument(name: string, message: string, value?: string): S3Error {
  const details = { ArgumentName: name, ...(value === undefined ? {} : { ArgumentValue: value }) };
  return new S3Error('InvalidArgument', { message, details });
}

/** A request whose parameters contradict each other, or what is stored. */
export function invalidRequest(message: string): S3Error {
  return new S3Error('InvalidRequest', { message });
}
