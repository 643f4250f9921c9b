/**
 * The HTTP status with which S3 answers each error of this package (Amazon S3 API Reference, "Error responses"): the
 * one list of their codes.
 */
export const sigV4ErrorStatus = {
  AccessDenied: 403,
  AuthorizationHeaderMalformed: 400,
  AuthorizationQueryParametersError: 400,
  IncompleteBody: 400,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidRequest: 400,
  InvalidToken: 400,
  InvalidURI: 400,
  MalformedTrailerError: 400,
  MissingContentLength: 411,
  NotImplemented: 501,
  RequestTimeTooSkewed: 403,
  SignatureDoesNotMatch: 403,
  XAmzContentSHA256Mismatch: 400,
} as const;

/** Code of an S3 error, as in the element `Code` of its answer. */
export type SigV4ErrorCode = keyof typeof sigV4ErrorStatus;

/** Further elements of an error's answer by their names, such as `ArgumentName`. */
export type SigV4ErrorDetails = Readonly<Record<string, string>>;

/**
 * Why a request, or a body, was refused, in the words of S3. Message and details may be shown to the client: they hold
 * no secret, no value of a header other than the ones that S3 names, and never the canonical request, which would
 * reflect customer keys.
 */
export class SigV4Error extends Error {
  override readonly name = 'SigV4Error';
  readonly code: SigV4ErrorCode;
  readonly details: SigV4ErrorDetails;

  constructor(code: SigV4ErrorCode, message: string, details: SigV4ErrorDetails = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** An error that names the header or parameter to blame; its value is left out, since it may be a secret. */
export function invalidArgument(message: string, argumentName: string): SigV4Error {
  return new SigV4Error('InvalidArgument', message, { ArgumentName: argumentName });
}
