import type { Mode } from '../server/encryption.ts';

/** The default encryption of the bucket: clients ask for nothing themselves. */
export const clientModes = ['none', 'SSE-B2'] as const satisfies readonly Mode[];
export type ClientMode = (typeof clientModes)[number];

export interface ClientOptions {
  /** Bytes of the file. */
  readonly size: number;
  readonly rounds: number;
  readonly modes: readonly ClientMode[];
  /** A Python that has b2sdk. */
  readonly python: string;
  readonly rclone: string;
  /** Where the servers keep their data and the clients their files, in a folder that is removed afterwards. */
  readonly directory: string;
}
