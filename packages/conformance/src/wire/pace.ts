import type { Transport } from './transport.ts';

export interface PaceOptions {
  readonly requestsPerSecond: number;
  /** Milliseconds, never going back. */
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** A transport that begins no more than so many requests per second, evenly spread. */
export function paced(send: Transport, { requestsPerSecond, now, wait }: PaceOptions): Transport {
  const interval = 1000 / requestsPerSecond;
  let next = now();
  return async (request) => {
    const start = Math.max(next, now());
    next = start + interval;
    if (start > now()) await wait(start - now());
    return send(request);
  };
}
