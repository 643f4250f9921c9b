import type { HttpHandler } from '@coffer/http';

/** Knows how many requests are under way, from their head to the end of their answer. */
export interface RequestTracker {
  readonly active: number;
  /**
   * Wraps a handler so that each request is counted from its head on; {@link RequestTracker.finished} has to be called
   * at its end.
   */
  readonly wrap: (handler: HttpHandler) => HttpHandler;
  readonly finished: () => void;
  /** From now on answers ask their client to close the connection. */
  readonly stop: () => void;
  /** Resolves when no request is under way. */
  readonly idle: () => Promise<void>;
}

export function createRequestTracker(): RequestTracker {
  let active = 0;
  let stopping = false;
  const waiting: (() => void)[] = [];
  const finished = () => {
    active--;
    if (active === 0) for (const resolve of waiting.splice(0)) resolve();
  };
  const wrap =
    (handler: HttpHandler): HttpHandler =>
    async (request) => {
      active++;
      const response = await handler(request);
      return stopping ? { ...response, headers: [...response.headers, ['Connection', 'close']] } : response;
    };
  return {
    get active() {
      return active;
    },
    wrap,
    finished,
    stop: () => {
      stopping = true;
    },
    idle: () => (active === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
