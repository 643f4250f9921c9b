import type { ClientError } from '../errors/client-error.ts';

/** How often, and after which time, requests are repeated. */
export interface RetryOptions {
  /** How many times a request is sent at most, new authorizations not counted. Default: 5. */
  readonly attempts?: number | undefined;
  /** Milliseconds before the first repetition. Default: 1,000. Doubled with each further one. */
  readonly firstDelayMs?: number | undefined;
  /** The longest time between two attempts, unless the server asks for more. Default: 60,000. */
  readonly maxDelayMs?: number | undefined;
  /** The longest wait that a server may ask for; where it asks for more, the error is thrown. Default: 300. */
  readonly maxRetryAfterSeconds?: number | undefined;
}

/** {@link RetryOptions} without gaps. */
export type RetryPolicy = { readonly [Name in keyof RetryOptions]-?: NonNullable<RetryOptions[Name]> };

export function retryPolicy(options: RetryOptions = {}): RetryPolicy {
  const { attempts = 5, firstDelayMs = 1000, maxDelayMs = 60_000, maxRetryAfterSeconds = 300 } = options;
  return { attempts, firstDelayMs, maxDelayMs, maxRetryAfterSeconds };
}

/** What is done about an error: authorize again and repeat, repeat, or give up. */
export type Verdict = 'renew' | 'repeat' | 'give up';

/**
 * The verdict on a failed call (B2 docs "Calling the API", "Error Handling", and "Integration Checklist"): a token that
 * is no longer valid is renewed; a request that got no answer, or that the server could not or would not handle now, is
 * repeated; any other answer would be the same again.
 */
export function judgeCall(error: ClientError): Verdict {
  const { status = 0, serverCode } = error;
  // The answer to HEAD has no code.
  if (status === 401 && (serverCode === undefined || isTokenError(error))) return 'renew';
  return isTransient(error) ? 'repeat' : 'give up';
}

/**
 * The verdict on a failed upload: as for calls, but where another upload URL may help, the upload is repeated with one
 * (B2 docs `b2_upload_file`, `b2_get_upload_url`). A repetition always takes another URL, since the old one names a
 * machine that may be full or gone, and its token may still be in use.
 */
export function judgeUpload(error: ClientError): Verdict {
  const needsUrl = isTokenError(error) || error.code === 'auth_token_limit';
  return needsUrl || isTransient(error) ? 'repeat' : 'give up';
}

function isTokenError({ code }: ClientError): boolean {
  return code === 'expired_auth_token' || code === 'bad_auth_token';
}

function isTransient({ code, status = 0 }: ClientError): boolean {
  const isAnswered = status === 408 || status === 429 || status >= 500;
  return isAnswered || code === 'connection_failed' || code === 'timed_out';
}

/** Whether the server may have done what was asked, although this is the outcome of the attempt. */
export function leavesDoubt({ code, status = 0 }: ClientError): boolean {
  if (code === 'connection_failed' || code === 'timed_out') return true;
  // 503 says that the request was not handled.
  return status >= 500 && status !== 503;
}

/**
 * Milliseconds to wait before repetition number `repetition`, counted from 0: twice as long each time, of which chance
 * takes off up to a half, so that many clients do not come back at once. A server that asks for more gets it.
 */
export function delayBefore(repetition: number, error: ClientError, policy: RetryPolicy, random: () => number): number {
  const longest = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** repetition);
  const own = longest * (1 - random() / 2);
  const asked = (error.retryAfterSeconds ?? 0) * 1000;
  // A little later than asked, again so that not all come at once.
  return asked > own ? asked + (own - longest / 2) : own;
}
