/**
 * Faults on purpose, so that authors of clients can try their retries (B2 docs "Integration Checklist"). With this, the
 * server obeys the request header `X-Bz-Test-Mode`; in addition, the settings below apply to every upload.
 */
export interface TestMode {
  /** Milliseconds that each upload waits before it is handled. Default: 0. */
  readonly latencyMilliseconds?: number;
  /** Share of the uploads that are answered 503, from 0 to 1. Default: 0. */
  readonly uploadFailureRate?: number;
  /** Waits; ends early, or rejects, when the signal aborts. Default: a timer. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** What `X-Bz-Test-Mode` can ask for. */
export const testFaults = [
  'fail_some_uploads',
  'expire_some_account_authorization_tokens',
  'force_cap_exceeded',
] as const;
export type TestFault = (typeof testFaults)[number];
