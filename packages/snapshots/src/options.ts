import type { Storage } from '@coffer/storage-core';
import type { Clock, RandomSource } from '@coffer/storage-ports';

/** How much one snapshot may ask for, and how many of them there may be. */
export const snapshotLimits = {
  /** Files that are selected by themselves, in one snapshot. */
  selectedFiles: 1_000,
  /** Folders that are selected, in one snapshot. */
  selectedFolders: 100,
  /** Files in one ZIP file. Its directory, some 500 bytes for each, is in memory while the file is made. */
  files: 250_000,
  /** Snapshots of an account that wait or run. */
  active: 10,
  /** Snapshots of an account that have ended and are still listed. */
  ended: 100,
  /** Names that a snapshot tells of files that it left out, or stored under another name. */
  names: 10,
  /** Snapshots on one page of a list. */
  page: 50,
} as const;

/** What the service works over. */
export interface SnapshotServiceOptions {
  readonly storage: Storage;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: RandomSource;
  /** Files looked at for one page of a plan. Default: 1,000. */
  readonly planPage?: number;
}
