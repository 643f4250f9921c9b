/** How long to wait after failures. */
export interface BackOff {
  /** Milliseconds to wait after the first failure, from which a random part is taken off. Default: 1,000. */
  readonly firstMilliseconds: number;
  /** The longest wait. Default: 600,000. */
  readonly maximumMilliseconds: number;
}

/**
 * Milliseconds to wait after a number of failures in a row (at least 1): the wait doubles with each failure, up to the
 * maximum, and up to half of it is randomly taken off, so that rules that failed together are not retried together.
 * `random`: from 0 to below 1.
 */
export function backOffMilliseconds(
  attempts: number,
  { firstMilliseconds, maximumMilliseconds }: BackOff,
  random: number,
) {
  const full = Math.min(maximumMilliseconds, firstMilliseconds * 2 ** (attempts - 1));
  return Math.ceil(full * (1 - random / 2));
}
