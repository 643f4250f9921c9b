/**
 * Why a keyring could not be made, opened or changed:
 *
 * - `keyring_missing`, `keyring_exists`: there is none to open, or one where a new one was to be made;
 * - `root_key_missing`: the root key file does not exist;
 * - `root_key_malformed`: what was given is no root key, or an empty passphrase;
 * - `root_key_wrong`: it does not open this keyring, or the keyring wants another kind of root key;
 * - `unsafe_permissions`: others than its owner may use the root key file;
 * - `keyring_malformed`: the keyring file is damaged;
 * - `keyring_version`: it was written by a version this code does not know;
 * - `keyring_locked`: another process changes it, or was cut short while it did;
 * - `keyring_closed`: this keyring was closed before;
 * - `key_in_use`, `key_active`: the global key must not be destroyed yet.
 */
export type KeyringErrorCode =
  | 'keyring_missing'
  | 'keyring_exists'
  | 'root_key_missing'
  | 'root_key_wrong'
  | 'root_key_malformed'
  | 'unsafe_permissions'
  | 'keyring_malformed'
  | 'keyring_version'
  | 'keyring_locked'
  | 'keyring_closed'
  | 'key_in_use'
  | 'key_active';

/** Its message says in plain words what to do and names the path; it never holds a key or a passphrase. */
export class KeyringError extends Error {
  override readonly name = 'KeyringError';
  readonly code: KeyringErrorCode;

  constructor(code: KeyringErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Whether `error` is the file system's answer `code`, such as `ENOENT`. */
export function isFileError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
