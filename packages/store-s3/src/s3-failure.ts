import { StoreError } from '@coffer/storage-ports';

/**
 * What an answer that is no success, or no answer at all, means.
 *
 * - `missing_key`, `missing_bucket`, `missing_upload`: the store said so. `missing`: only "not found", as for HEAD.
 * - `precondition`: a condition of the request did not hold. `conflict`: another request was at the same key.
 * - `range`: the range is not within the object.
 * - `denied`, `region`: the store knows the key pair, or the region, otherwise than it should.
 * - `full`: no space, or a quota.
 * - `damaged`: the store did not receive what was sent.
 * - `busy`: the store asks to come back later, or failed inside. `unreachable`: no answer, or not in time.
 * - `unsupported`: the store does not have the operation or its parameter. `refused`: anything else.
 */
export type S3FailureKind =
  | 'missing_key'
  | 'missing_bucket'
  | 'missing_upload'
  | 'missing'
  | 'precondition'
  | 'conflict'
  | 'range'
  | 'denied'
  | 'region'
  | 'full'
  | 'damaged'
  | 'busy'
  | 'unreachable'
  | 'unsupported'
  | 'refused';

/** By the store's code, where it decides. Kinds that are not here go by the status. */
const byCode: Readonly<Record<string, S3FailureKind>> = {
  NoSuchKey: 'missing_key',
  NoSuchBucket: 'missing_bucket',
  NoSuchUpload: 'missing_upload',
  NotFound: 'missing',
  PreconditionFailed: 'precondition',
  ConditionalRequestConflict: 'conflict',
  OperationAborted: 'conflict',
  InvalidRange: 'range',
  QuotaExceeded: 'full',
  InsufficientStorage: 'full',
  InsufficientCapacity: 'full',
  XMinioStorageFull: 'full',
  StorageFull: 'full',
  AuthorizationHeaderMalformed: 'region',
  IllegalLocationConstraintException: 'region',
  PermanentRedirect: 'region',
  ExpiredToken: 'denied',
  InvalidToken: 'denied',
  TokenRefreshRequired: 'denied',
  CredentialsProviderError: 'denied',
  RequestTimeTooSkewed: 'busy',
  BadDigest: 'damaged',
  InvalidDigest: 'damaged',
  XAmzContentSHA256Mismatch: 'damaged',
  XAmzContentChecksumMismatch: 'damaged',
  IncompleteBody: 'damaged',
  RequestTimeout: 'busy',
  SlowDown: 'busy',
  Throttling: 'busy',
  ThrottlingException: 'busy',
  TooManyRequests: 'busy',
  ServiceUnavailable: 'busy',
  InternalError: 'busy',
  NotImplemented: 'unsupported',
  MethodNotAllowed: 'unsupported',
};

const byStatus: Readonly<Record<number, S3FailureKind>> = {
  301: 'region',
  307: 'region',
  401: 'denied',
  403: 'denied',
  405: 'unsupported',
  409: 'conflict',
  412: 'precondition',
  416: 'range',
  429: 'busy',
  500: 'busy',
  501: 'unsupported',
  502: 'busy',
  503: 'busy',
  504: 'busy',
  507: 'full',
};

const sentences: Readonly<Record<S3FailureKind, string>> = {
  missing_key: 'the store does not have the object',
  missing_bucket: 'the bucket does not exist: make it, or correct its name',
  missing_upload: 'the store does not have the multipart upload',
  missing: 'the store does not have it',
  precondition: 'a condition of the request did not hold',
  conflict: 'another request was at the same object',
  range: 'the range is not within the object',
  denied: 'the store refuses these credentials: check the access key, its secret and its rights to the bucket',
  region: 'the bucket is in another region: set its region, or the endpoint of its region',
  full: 'the store has no space left, or a quota is used up',
  damaged: 'the store did not receive the bytes that were sent',
  busy: 'the store is busy or failed inside',
  unreachable: 'the store cannot be reached, or does not answer in time: check the endpoint and the network',
  unsupported: 'the store does not support the request',
  refused: 'the store refuses the request',
};

/** Codes of Node and of TLS that say why there is no answer. */
const systemCode = /^[A-Z][A-Z0-9_]{2,60}$/;
const answerCode = /^[A-Za-z][A-Za-z0-9.]{1,60}$/;

/** Names of the SDK's errors for answers in which it found no code. */
const unreadNames = new Set(['Error', 'SyntaxError', 'TypeError', 'Unknown', 'UnknownError']);

/**
 * A request that did not succeed, in words of ours. The SDK's error is not kept: it holds the request with its
 * signature and whatever the store put into its answer, and stores quote access keys.
 */
export class S3Failure extends Error {
  override readonly name = 'S3Failure';
  readonly kind: S3FailureKind;
  /** The answer's status; undefined: there was none. */
  readonly status: number | undefined;
  /** Milliseconds after which the store wants to be asked again; undefined: it did not say. */
  readonly retryAfter: number | undefined;

  constructor(kind: S3FailureKind, detail: string, status?: number, retryAfter?: number) {
    super(detail === '' ? sentences[kind] : `${sentences[kind]} (${detail})`);
    this.kind = kind;
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** Whether the request may succeed if it is sent again. */
  get isPassing(): boolean {
    return ['conflict', 'damaged', 'busy', 'unreachable'].includes(this.kind);
  }
}

/** What an error of the SDK means. */
export function s3Failure(error: unknown): S3Failure {
  if (error instanceof S3Failure) return error;
  const { name, code, status, retryAfter } = factsOf(error);
  const kind = byCode[name] ?? (status === undefined ? undefined : byStatus[status]);
  if (status === undefined) return new S3Failure(kind ?? 'unreachable', code ?? timeoutName(name));
  const detail = answerCode.test(name) ? `${status} ${name}` : String(status);
  // An answer that does not read was cut on the way, or made up by a proxy: the store itself says a code.
  const isRead = status >= 300 && answerCode.test(name) && !unreadNames.has(name);
  return new S3Failure(kind ?? (isRead ? 'refused' : 'unreachable'), detail, status, retryAfter);
}

/** The failure as the port tells it: `full` is `full`, all others are `io`. */
export function storeFailure(doing: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const failure = s3Failure(error);
  return new StoreError(failure.kind === 'full' ? 'full' : 'io', `${doing} failed: ${failure.message}`, {
    cause: failure,
  });
}

interface AnswerFacts {
  readonly name: string;
  readonly code: string | undefined;
  readonly status: number | undefined;
  readonly retryAfter: number | undefined;
}

function factsOf(error: unknown): AnswerFacts {
  const facts = (error ?? {}) as {
    readonly name?: unknown;
    readonly code?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: unknown };
    readonly $response?: { readonly statusCode?: unknown; readonly headers?: Readonly<Record<string, string>> };
  };
  const status = facts.$response?.statusCode ?? facts.$metadata?.httpStatusCode;
  const seconds = Number(facts.$response?.headers?.['retry-after']);
  return {
    name: typeof facts.name === 'string' ? facts.name : '',
    code: typeof facts.code === 'string' && systemCode.test(facts.code) ? facts.code : undefined,
    status: typeof status === 'number' ? status : undefined,
    retryAfter: Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : undefined,
  };
}

function timeoutName(name: string): string {
  return name === 'TimeoutError' || name === 'AbortError' ? 'time limit' : '';
}
