import { ClientError } from '../errors/client-error.ts';
import { delayBefore, leavesDoubt, type RetryPolicy, type Verdict } from './retry-policy.ts';
import type { Timing } from './timing.ts';

/** What repeating needs beside what is repeated. */
export interface Retrying {
  readonly policy: RetryPolicy;
  readonly timing: Timing;
  readonly signal?: AbortSignal | undefined;
  readonly judge: (error: ClientError) => Verdict;
  /** Renews the authorization. Without it, an error that asks for that is thrown. */
  readonly renew?: () => Promise<void>;
  /** Whether the first repetition comes at once: it goes elsewhere. */
  readonly firstAtOnce?: boolean;
}

/** Errors of calls that have been repeated as often as they may be. */
const final = new WeakSet<ClientError>();

/**
 * Runs `attempt` until it succeeds or must not be repeated. Only `ClientError`s are judged; of those that were thrown
 * by a call which has repetitions of its own, no more are made.
 */
export async function withRetries<T>(attempt: () => Promise<T>, retrying: Retrying): Promise<T> {
  const { policy, timing, signal } = retrying;
  let inDoubt = false;
  let hasRenewed = false;
  for (let failures = 0; ;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ClientError) || final.has(error)) throw error;
      inDoubt ||= leavesDoubt(error);
      const verdict = retrying.judge(error);
      if (verdict === 'renew' && retrying.renew !== undefined && !hasRenewed) {
        hasRenewed = true;
        await retrying.renew();
        continue;
      }
      failures++;
      if (verdict !== 'repeat' || failures >= policy.attempts || asksTooMuch(error, policy)) {
        throw finalError(error, failures + Number(hasRenewed), inDoubt);
      }
      const isAtOnce = retrying.firstAtOnce === true && failures === 1 && !asksToWait(error);
      if (!isAtOnce) await timing.sleep(delayBefore(failures - 1, error, policy, timing.random), signal);
      signal?.throwIfAborted();
    }
  }
}

/** Whether the server has too much to do, or says how long to wait. */
function asksToWait({ status, retryAfterSeconds }: ClientError): boolean {
  return status === 429 || retryAfterSeconds !== undefined;
}

function asksTooMuch({ retryAfterSeconds = 0 }: ClientError, policy: RetryPolicy): boolean {
  return retryAfterSeconds > policy.maxRetryAfterSeconds;
}

function finalError(error: ClientError, attempts: number, mayHaveBeenDone: boolean): ClientError {
  const { code, message, cause, operation, status, serverCode, serverMessage, requestId, field } = error;
  const known = { operation, status, serverCode, serverMessage, requestId, field, cause };
  const { retryAfterSeconds } = error;
  // What was never sent has no attempts.
  const sent = error.attempts === 0 && status === undefined && !mayHaveBeenDone ? 0 : attempts;
  const complete = new ClientError(code, message, { ...known, retryAfterSeconds, attempts: sent, mayHaveBeenDone });
  final.add(complete);
  return complete;
}
