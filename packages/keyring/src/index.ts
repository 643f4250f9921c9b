export { createKeyring } from './create-keyring.ts';
export { openKeyring } from './open-keyring.ts';
export type { KeyringPlace } from './keyring-place.ts';
export type { Keyring, KeyringOptions } from './keyring.ts';
export { KeyringError, type KeyringErrorCode } from './keyring-error.ts';
export type { ServedStore } from './keyring-file.ts';
export type { RootKeySource } from './root-key.ts';
