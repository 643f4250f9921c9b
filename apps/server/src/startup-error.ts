/**
 * Why the server did not start, or a command could not do its work.
 *
 * - `config`: the command line, the environment or the configuration file is wrong;
 * - `keys`: the keyring or the root key is missing, unreadable, or not the one this data was written with;
 * - `in_use`: another server works on the same data directory;
 * - `data`: the data directory cannot be used;
 * - `network`: an address cannot be listened on, or the TLS certificate cannot be used;
 * - `store_missing`: there is a keyring of a store, but no store in the data directory;
 * - `metadata_missing`: there are blobs without metadata;
 * - `blobs_missing`: there is metadata without its blobs;
 * - `store_mismatch`: metadata and blobs are of different stores;
 * - `format`: the store has another format version than this program knows;
 * - `damaged`: the metadata cannot be read;
 * - `worker`: a worker process could not be started, or ended before it served.
 */
export type StartupErrorCode =
  | 'config'
  | 'keys'
  | 'in_use'
  | 'data'
  | 'network'
  | 'store_missing'
  | 'metadata_missing'
  | 'blobs_missing'
  | 'store_mismatch'
  | 'format'
  | 'damaged'
  | 'worker';

/**
 * An expected failure. `message` is for the operator: plain words, what is wrong and how to mend it; it names no
 * secret.
 */
export class StartupError extends Error {
  override readonly name = 'StartupError';
  readonly code: StartupErrorCode;

  constructor(code: StartupErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The operating system's error code, such as `ENOENT`; undefined for any other error. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Plain words for the commonest of the operating system's errors; otherwise the error's own message. */
export function systemReason(error: unknown): string {
  const code = systemErrorCode(error);
  return reasons[code ?? ''] ?? (error instanceof Error ? error.message : 'unknown error');
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  EACCES: 'this user has no permission to use it (run this as its owner, or give it to this user with chown)',
  EPERM: 'the system does not permit it (run this as its owner, or give it to this user with chown)',
  ENOTDIR: 'a part of its path is not a directory',
  EISDIR: 'it is a directory',
  ENOSPC: 'there is no space left on the disk',
  EROFS: 'the file system is read-only',
};
