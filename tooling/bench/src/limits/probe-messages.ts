import type { Account, UploadTarget } from '../server/coffer-account.ts';

/** What the probe's thread is started with. */
export interface ProbeStart {
  readonly account: Account;
  readonly target: UploadTarget;
  readonly bucketName: string;
}

/** Milliseconds of each request, and how many failed. */
export interface ProbeFigures {
  readonly uploads: readonly number[];
  readonly downloads: readonly number[];
  readonly failures: number;
}
