import type { Load } from './load.ts';

/** A server under test, with as many files in it as downloads take turns with. */
interface Target {
  readonly url: string;
  readonly pid: number;
  readonly upload: Load;
  readonly download: Load;
  close(): Promise<void>;
}

/** What is sent and fetched. */
export interface Payload {
  /** A file of `size` bytes. */
  readonly file: string;
  readonly bytes: Uint8Array;
  /** Lower-case hexadecimal. */
  readonly sha1: string;
}

/** Makes a target in an empty directory. */
export type StartTarget = (directory: string, payload: Payload) => Promise<Target>;

/** Files that downloads take turns with. */
export const fileCount = 8;

/** From this size on, requests are the same each time: putting one together would keep the load generator busy. */
export const largeBody = 2 ** 20;
