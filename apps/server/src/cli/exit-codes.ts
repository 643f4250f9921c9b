import { CommanderError } from 'commander';
import { StartupError, type StartupErrorCode } from '../startup-error.ts';

/** The exit codes of the process. 0: done, or properly stopped by a signal. */
export const exitCodes = {
  /**
   * An unexpected failure; for `doctor`: something is wrong; for `clock status`: the clock is doubted; for `lifecycle
   * run`: an action failed; for `backup`: blobs are missing in it.
   */
  failure: 1,
  config: 2,
  keys: 3,
  in_use: 4,
  data: 5,
  network: 6,
  /** The metadata cannot be read; for `verify`: something that is stored is damaged. */
  damaged: 7,
  /** For `verify`: it was stopped before its end, and had found no damage until then. */
  incomplete: 8,
  store_missing: 9,
  metadata_missing: 10,
  blobs_missing: 11,
  store_mismatch: 12,
  format: 13,
  worker: 14,
} as const satisfies Record<StartupErrorCode | 'failure' | 'incomplete', number>;

export function exitCodeOf(error: unknown): number {
  if (error instanceof StartupError) return exitCodes[error.code];
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.config;
  return exitCodes.failure;
}

/** For the end of the help. */
export const exitCodesHelp = `
Exit codes:
  0  done, or stopped in good order
  1  unexpected failure; doctor: something is wrong; clock status: it is doubted;
     lifecycle run: an action failed;
     backup: blobs are missing or not as they were; backup, restore: stopped before the end
  2  wrong command line or configuration
  3  keyring or root key missing, wrong or unreadable
  4  the data directory is in use by another server, or backed up by another process
  5  the data directory cannot be used
  6  cannot listen, or the TLS certificate cannot be used
  7  the metadata is damaged; verify: something that is stored is damaged
  8  verify: stopped before its end; nothing was damaged until then
  9  there is a keyring, but the data directory is empty: a disk that is not mounted, perhaps
 10  there are blobs, but no metadata
 11  there is metadata, but not its blobs
 12  metadata and blobs are of different stores
 13  the store has a format version that this program does not know
 14  a worker process could not be started, or ended before it served`;
