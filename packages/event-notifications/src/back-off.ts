/** How long to wait after failures. */
export interface BackOff {
  /** Milliseconds after the first failure, more or less. Default: 1,000. */
  readonly firstMilliseconds: number;
  /** The longest wait. Default: 600,000. */
  readonly maximumMilliseconds: number;
}

/**
 * Milliseconds to wait after that many failures in a row (at least 1): doubled with each, up to the maximum, of which a
 * random part of up to a half is left out, so that rules that failed together do not come back together. `random`: from
 * 0 to below 1.
 */
export function backOffMilliseconds(
  attempts: number,
  { firstMilliseconds, maximumMilliseconds }: BackOff,
  random: number,
) {
  const full = Math.min(maximumMilliseconds, firstMilliseconds * 2 ** (attempts - 1));
  return Math.ceil(full * (1 - random / 2));
}
