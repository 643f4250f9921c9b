import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { ClientError, type ClientErrorCode } from '../errors/client-error.ts';
import { caught } from '../../test/caught.ts';
import { fakeTiming } from '../../test/fake-timing.ts';
import { delayBefore, judgeCall, judgeUpload, leavesDoubt, retryPolicy, type Verdict } from './retry-policy.ts';
import { withRetries } from './with-retries.ts';

function failure(code: ClientErrorCode, status?: number, retryAfterSeconds?: number): ClientError {
  return new ClientError(code, code, { status, serverCode: code, retryAfterSeconds });
}

const table: readonly [ClientErrorCode, number | undefined, call: Verdict, upload: Verdict, inDoubt: boolean][] = [
  ['connection_failed', undefined, 'repeat', 'repeat', true],
  ['timed_out', undefined, 'repeat', 'repeat', true],
  ['request_timeout', 408, 'repeat', 'repeat', false],
  ['too_many_requests', 429, 'repeat', 'repeat', false],
  ['internal_error', 500, 'repeat', 'repeat', true],
  ['internal_error', 502, 'repeat', 'repeat', true],
  ['service_unavailable', 503, 'repeat', 'repeat', false],
  ['expired_auth_token', 401, 'renew', 'repeat', false],
  ['bad_auth_token', 401, 'renew', 'repeat', false],
  ['auth_token_limit', 400, 'give up', 'repeat', false],
  ['unauthorized', 401, 'give up', 'give up', false],
  ['access_denied', 401, 'give up', 'give up', false],
  ['access_denied', 403, 'give up', 'give up', false],
  ['cap_exceeded', 403, 'give up', 'give up', false],
  ['bad_request', 400, 'give up', 'give up', false],
  ['not_found', 404, 'give up', 'give up', false],
  ['conflict', 409, 'give up', 'give up', false],
  ['range_not_satisfiable', 416, 'give up', 'give up', false],
  ['invalid_request', undefined, 'give up', 'give up', false],
  ['invalid_response', 200, 'give up', 'give up', false],
  ['customer_key_over_http', undefined, 'give up', 'give up', false],
];

it.each(table)('%s with status %s: calls %s, uploads %s', (code, status, call, upload, inDoubt) => {
  const error = failure(code, status);
  expect([judgeCall(error), judgeUpload(error), leavesDoubt(error)]).toEqual([call, upload, inDoubt]);
});

it('a 401 without a code, as of HEAD, may be an expired token', () => {
  expect(judgeCall(new ClientError('unauthorized', '', { status: 401 }))).toBe('renew');
});

describe('the delay', () => {
  const policy = retryPolicy({ firstDelayMs: 1000, maxDelayMs: 10_000 });

  it('doubles up to its maximum', () => {
    const delays = [0, 1, 2, 3, 4, 60].map((n) => delayBefore(n, failure('internal_error', 500), policy, () => 0));
    expect(delays).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  test.prop([fc.nat(20), fc.double({ min: 0, max: 0.999, noNaN: true }), fc.option(fc.nat(1000), { nil: undefined })])(
    'is never below what the server asks for, nor below half of its own',
    (repetition, chance, seconds) => {
      const error = failure('too_many_requests', 429, seconds);
      const delay = delayBefore(repetition, error, policy, () => chance);
      const longest = Math.min(10_000, 1000 * 2 ** repetition);
      expect(delay).toBeGreaterThanOrEqual(Math.max((seconds ?? 0) * 1000, longest / 2));
      expect(delay).toBeLessThanOrEqual(Math.max((seconds ?? 0) * 1000 + longest / 2, longest));
    },
  );
});

describe('withRetries', () => {
  const policy = retryPolicy({ attempts: 3 });

  /** Fails with the errors, then succeeds. */
  function run(errors: readonly Error[], more: Partial<Parameters<typeof withRetries>[1]> = {}) {
    const timing = fakeTiming();
    const left = [...errors];
    const attempt = async () => {
      const error = left.shift();
      if (error !== undefined) throw error;
      return 'done';
    };
    return { timing, result: withRetries(attempt, { policy, timing, judge: judgeCall, ...more }), left };
  }

  it('repeats until it succeeds', async () => {
    const { result, timing } = run([failure('internal_error', 500), failure('service_unavailable', 503, 7)]);
    expect(await result).toBe('done');
    expect(timing.sleeps).toEqual([1000, 8000]);
  });

  it('gives up after the last attempt, and tells that the server may have done it', async () => {
    const errors = [failure('internal_error', 500), failure('too_many_requests', 429), failure('conflict', 409)];
    expect(await caught(run(errors).result)).toMatchObject({ code: 'conflict', attempts: 3, mayHaveBeenDone: true });
    const busy = [1, 2, 3].map(() => failure('service_unavailable', 503));
    expect(await caught(run(busy).result)).toMatchObject({ attempts: 3, mayHaveBeenDone: false, status: 503 });
  });

  it('does not wait longer than the policy says', async () => {
    const { result, timing } = run([failure('service_unavailable', 503, 301)]);
    expect(await caught(result)).toMatchObject({ code: 'service_unavailable', retryAfterSeconds: 301, attempts: 1 });
    expect(timing.sleeps).toEqual([]);
  });

  it('renews once', async () => {
    let renewals = 0;
    const renew = async () => {
      renewals++;
    };
    expect(await run([failure('expired_auth_token', 401)], { renew }).result).toBe('done');
    const twice = [failure('expired_auth_token', 401), failure('bad_auth_token', 401)];
    expect(await caught(run(twice, { renew }).result)).toMatchObject({ code: 'bad_auth_token', attempts: 2 });
    expect(renewals).toBe(2);
  });

  it('repeats no call that has been repeated already', async () => {
    const inner = await caught(run([failure('conflict', 409)]).result);
    const outer = run([inner, failure('internal_error', 500)], { judge: () => 'repeat' });
    expect(await caught(outer.result)).toBe(inner);
    expect(outer.left).toHaveLength(1);
  });

  it('passes other errors on', async () => {
    const other = new TypeError('of the caller');
    await expect(run([other]).result).rejects.toBe(other);
  });

  it('ends when it is aborted between two attempts', async () => {
    const stop = new AbortController();
    const timing = {
      ...fakeTiming(),
      sleep: async () => {
        stop.abort(new Error('enough'));
      },
    };
    const { result, left } = run([failure('internal_error', 500), new Error('never reached')], {
      timing,
      signal: stop.signal,
    });
    await expect(result).rejects.toThrow('enough');
    expect(left).toHaveLength(1);
  });
});
