import type { ApiVersion } from '@coffer/b2-schema';
import type { Account, Session } from '../account/account.ts';
import { judgeCall, type RetryPolicy } from '../retries/retry-policy.ts';
import type { Timing } from '../retries/timing.ts';
import { withRetries } from '../retries/with-retries.ts';
import type { Transport } from '../transport/transport.ts';

/** What every call works with. */
export interface CallContext {
  readonly account: Account;
  readonly transport: Transport;
  readonly policy: RetryPolicy;
  readonly timing: Timing;
  readonly version: ApiVersion;
}

/** What a caller may say of each call. */
export interface CallOptions {
  /** Ends the call: it rejects with the signal's reason. What was sent may be carried out all the same. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs a call with the account's token, which is renewed once if it turns out to be no longer valid. */
export function withSession<T>(
  { account, policy, timing }: CallContext,
  signal: AbortSignal | undefined,
  call: (session: Session) => Promise<T>,
): Promise<T> {
  let used: Session | undefined;
  const attempt = async () => {
    used = await account.session(signal);
    return call(used);
  };
  const renew = async () => {
    await account.renew(used, signal);
  };
  return withRetries(attempt, { policy, timing, signal, judge: judgeCall, renew });
}
