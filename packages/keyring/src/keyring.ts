import type { KeyEngine, KeyProvider } from '@coffer/envelope-crypto';
import type { ServedStore } from './keyring-file.ts';

/** A key provider whose global keys are in a file, or in another place, sealed by a root key. */
export interface Keyring extends KeyProvider {
  /** Names this keyring for ever, whatever its keys: `kr_` and 16 hexadecimal digits. No secret. */
  readonly keyringId: string;

  /**
   * The stores whose data the keys protect, in the order in which they were made. Empty: no store was ever made with
   * them.
   */
  readonly stores: readonly ServedStore[];

  /**
   * Puts a store on the list; when this resolves, the change is on disk. Does nothing if the store is already on the
   * list with the same format version.
   *
   * @throws KeyringError `keyring_locked`.
   */
  addStore(store: ServedStore): Promise<void>;

  /**
   * Makes a new active key and makes the one that was active decrypt-only. When this resolves with the new key's id,
   * the key is on disk. Other processes that have the keyring open know the key once they meet something that it
   * protects.
   *
   * @throws KeyringError `keyring_locked` if another process changes the keyring for ten seconds, or was cut short
   * while it did.
   */
  addKey(): Promise<string>;

  /**
   * Destroys a decrypt-only key: whatever it still wraps is lost for ever. `stillInUse` must say whether any file key
   * or secret is wrapped by it, or any record sealed; it is asked once. Destroying a destroyed key does nothing.
   *
   * When this resolves, the keyring file no longer has the key; blocks of the replaced file may remain on the disk, and
   * in backups.
   *
   * @throws KeyringError `keyring_locked`; `key_active`, or `key_in_use` if `stillInUse` said so; EnvelopeError
   * `unknown_key` if there never was such a key. Errors of `stillInUse` pass through.
   */
  destroyKey(globalKeyId: string, stillInUse: () => Promise<boolean>): Promise<void>;

  /**
   * Takes over the keys that the file holds now, so that a key which another process made active is used from now on.
   * If this throws, the keys stay as they were.
   *
   * @throws KeyringError as opening does; also `keyring_malformed` if the file holds another keyring, or an older state
   * of this one.
   */
  reload(): Promise<void>;

  /** Wipes all keys from memory. Idempotent; every other method rejects afterwards. */
  close(): void;
}

/** What a keyring takes from outside. */
export interface KeyringOptions {
  /** Milliseconds since the Unix epoch; the system's clock by default. */
  readonly now?: () => number;
  /** What does the work with the keys; by default the TypeScript engine of `@coffer/envelope-crypto`. */
  readonly engine?: KeyEngine | undefined;
}
