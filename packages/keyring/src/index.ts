export { createKeyring, openKeyring, type Keyring, type KeyringOptions } from './keyring.ts';
export { KeyringError, type KeyringErrorCode } from './keyring-error.ts';
export type { RootKeySource } from './root-key.ts';
