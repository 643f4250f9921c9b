import type { Mode } from '../server/encryption.ts';

export const facesCases = ['load', 'multipart', 'stream'] as const;
export type FacesCase = (typeof facesCases)[number];

export interface FacesOptions {
  readonly cases: readonly FacesCase[];
  /** Bytes per file under load. */
  readonly sizes: readonly number[];
  readonly modes: readonly Mode[];
  readonly connections: readonly number[];
  /** Seconds of each load; twice as long for large files. */
  readonly seconds: number;
  readonly rounds: number;
  /** Worker processes of the server. */
  readonly workers: number;
  /** Whether the load comes over TLS. */
  readonly tls: boolean;
  /** Bytes of the file of many parts, and of the one that is sent in one stream. */
  readonly largeSize: number;
  /** Where the servers keep their data, in a folder that is removed afterwards. */
  readonly directory: string;
}
