import type { S3Client } from '@aws-sdk/client-s3';
import { withResolvers } from './resolvers.ts';
import { S3Failure, s3Failure } from './s3-failure.ts';
import type { S3Limits } from './s3-limits.ts';
import type { StateKeeper } from './store-state.ts';

/** Sends one request with the SDK. */
export type Sending<T> = (client: S3Client, options: { readonly abortSignal: AbortSignal }) => Promise<T>;

/** How a request is sent. */
export interface CallOptions<T> {
  /** Whether it sends a part, or has the store put together or copy an object. */
  readonly isLong?: boolean;
  /** Whether it takes room in the store. */
  readonly isWrite?: boolean;
  /** Gives the call up. */
  readonly signal?: AbortSignal | undefined;
  /** Default: as the limits say. */
  readonly attempts?: number;
  /**
   * For a request that must not simply be sent again. Called when an attempt has failed, which may leave its
   * outcome open; what it resolves to is the call's result, undefined means that the request was not carried out.
   */
  readonly findOut?: (failure: S3Failure) => Promise<T | undefined>;
}

/**
 * Sends requests, each within its time limit, and repeats them where that may help and can do no harm. As none is begun
 * when twice the limit has passed, a call takes three times its limit at most.
 */
export class S3Calls {
  readonly limits: S3Limits;
  readonly #client: S3Client;
  readonly #state: StateKeeper;

  constructor(client: S3Client, limits: S3Limits, state: StateKeeper) {
    this.#client = client;
    this.limits = limits;
    this.#state = state;
  }

  /** @throws S3Failure, or the signal's reason. */
  async send<T>(sending: Sending<T>, options: CallOptions<T> = {}): Promise<T> {
    const limit = options.isLong === true ? this.limits.longCall : this.limits.call;
    const began = performance.now();
    for (let attempt = 1; ; attempt++) {
      options.signal?.throwIfAborted();
      const outcome = await this.#attempt(sending, limit, options);
      if (!(outcome instanceof S3Failure)) return outcome.result;
      const isLast = attempt >= (options.attempts ?? this.limits.attempts) || performance.now() - began >= 2 * limit;
      if (!outcome.isPassing || isLast) {
        this.#state.failed(outcome, options.isWrite ?? false);
        throw outcome;
      }
      await pause(this.#pauseAfter(attempt, outcome), options.signal);
    }
  }

  /** The same, but nothing is sent a second time. */
  once(): S3Calls {
    return new S3Calls(this.#client, { ...this.limits, attempts: 1 }, this.#state);
  }

  /** Ends all connections. */
  destroy(): void {
    this.#client.destroy();
  }

  async #attempt<T>(
    sending: Sending<T>,
    limit: number,
    options: CallOptions<T>,
  ): Promise<S3Failure | { readonly result: T }> {
    try {
      const result = await inTime(limit, options.signal, (abortSignal) => sending(this.#client, { abortSignal }));
      this.#state.succeeded(options.isWrite ?? false);
      return { result };
    } catch (error) {
      options.signal?.throwIfAborted();
      const failure = s3Failure(error);
      const found = await options.findOut?.(failure);
      return found === undefined ? failure : { result: found };
    }
  }

  /** A random time, so that many that failed together do not come back together. */
  #pauseAfter(attempt: number, { retryAfter }: S3Failure): number {
    const { pause: longest } = this.limits;
    const spread = Math.min(longest, (longest / 30) * 2 ** attempt) * Math.random();
    return retryAfter === undefined ? spread : Math.min(longest, retryAfter) + spread;
  }
}

/**
 * Gives up after `limit` milliseconds, also if the sending does not notice.
 *
 * @throws S3Failure `unreachable`; the signal's reason; or what `send` rejects with.
 */
async function inTime<T>(
  limit: number,
  signal: AbortSignal | undefined,
  send: (abortSignal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { promise: ended, reject } = withResolvers<never>();
  const end = (reason: unknown) => {
    reject(reason);
    controller.abort();
  };
  const timer = setTimeout(end, limit, new S3Failure('unreachable', `no answer within ${limit} ms`));
  const onAbort = () => {
    end(signal?.reason);
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  const sent = send(controller.signal);
  // Whichever of the two is later is nobody's concern.
  for (const promise of [sent, ended]) promise.catch(() => undefined);
  try {
    return await Promise.race([sent, ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** @throws the signal's reason as soon as it aborts. */
async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve } = withResolvers<undefined>();
  const timer = setTimeout(resolve, milliseconds, undefined);
  const onAbort = () => {
    resolve(undefined);
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  await promise;
  clearTimeout(timer);
  signal?.removeEventListener('abort', onAbort);
  signal?.throwIfAborted();
}
