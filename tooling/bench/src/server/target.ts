import type { Load, Payload } from './load.ts';

/** A server under test, with as many files in it as downloads take turns with. */
interface Target {
  readonly url: string;
  readonly pid: number;
  /** What encrypts, where a server of Coffer does. */
  readonly engine?: string;
  readonly upload: Load;
  readonly download: Load;
  close(): Promise<void>;
}

/** Makes a target in an empty directory. */
export type StartTarget = (directory: string, payload: Payload) => Promise<Target>;

/** Files that downloads take turns with. */
export const fileCount = 8;
