import { randomBytes } from 'node:crypto';
import { access } from 'node:fs/promises';
import type { SecretBytes } from '@coffer/bytes';
import {
  EnvelopeError,
  MemoryKeyProvider,
  type GlobalKeyInfo,
  type KeyProvider,
  type MacPurpose,
  type MemoryGlobalKey,
} from '@coffer/envelope-crypto';
import { freshGlobalKey, openStoredKey, storeActiveKey } from './global-key.ts';
import { KeyringError, isFileError } from './keyring-error.ts';
import {
  createKeyringFile,
  keyringExists,
  readKeyringFile,
  replaceKeyringFile,
  type KeyringContent,
  type StoredGlobalKey,
} from './keyring-file.ts';
import { findRootKey, makeRootKey, type RootKeySource } from './root-key.ts';

/** A key provider whose global keys are in a local file, sealed by a root key. */
export interface Keyring extends KeyProvider {
  /** Names this keyring for ever, whatever its keys: `kr_` and 16 hexadecimal digits. No secret. */
  readonly keyringId: string;

  /**
   * Makes a new active key and makes the one that was active decrypt-only. When this resolves with the new key's id, the key is
   * on disk.
   */
  addKey(): Promise<string>;

  /**
   * Destroys a decrypt-only key: whatever it still wraps is lost for ever. `stillInUse` must say whether any file key or secret
   * is wrapped by it, or any record sealed; it is asked once. Destroying a destroyed key does nothing.
   *
   * The keyring file no longer has the key when this resolves; blocks of the replaced file may linger on a medium, and in
   * backups.
   *
   * @throws KeyringError `key_active`, or `key_in_use` if `stillInUse` said so; EnvelopeError `unknown_key` if there never was
   * such a key. Errors of `stillInUse` pass through.
   */
  destroyKey(globalKeyId: string, stillInUse: () => Promise<boolean>): Promise<void>;

  /** Wipes all keys from memory. Idempotent; every other method rejects afterwards. */
  close(): void;
}

/** What a keyring takes from outside. */
export interface KeyringOptions {
  /** Milliseconds since the Unix epoch; the system's clock by default. */
  readonly now?: () => number;
}

/**
 * Makes a keyring with one active key and opens it. With root key kind `file` a missing root key file is made too, with a random
 * key: back it up apart from the data. Missing directories are made.
 *
 * @throws KeyringError `keyring_exists`, `unsafe_permissions` or `root_key_malformed`. Other errors of the file system pass
 * through.
 */
export async function createKeyring(path: string, root: RootKeySource, options: KeyringOptions = {}): Promise<Keyring> {
  // Before a root key file is made, or half a second spent on a passphrase; the write below refuses once more.
  if (await exists(path)) throw keyringExists(path);
  const { rootKey, stored } = await makeRootKey(root);
  const now = options.now ?? Date.now;
  const key = freshGlobalKey(now());
  try {
    const keyringId = `kr_${randomBytes(8).toString('hex')}`;
    const keys = [storeActiveKey(key, rootKey)];
    await createKeyringFile(path, { version: 1, keyringId, rootKey: stored, keys });
    return new LocalKeyring(path, keyringId, rootKey, [key], now);
  } catch (error) {
    rootKey.wipe();
    key.key.wipe();
    throw error;
  }
}

/**
 * Opens a keyring.
 *
 * @throws KeyringError `keyring_missing`, `keyring_malformed`, `keyring_version`, `root_key_missing`, `root_key_malformed`,
 * `root_key_wrong` or `unsafe_permissions`. Other errors of the file system pass through.
 */
export async function openKeyring(path: string, root: RootKeySource, options: KeyringOptions = {}): Promise<Keyring> {
  const content = await readKeyringFile(path);
  const rootKey = await findRootKey(root, content.rootKey, path);
  try {
    const keys = openKeys(content, rootKey, path);
    return new LocalKeyring(path, content.keyringId, rootKey, keys, options.now ?? Date.now);
  } catch (error) {
    rootKey.wipe();
    throw error;
  }
}

class LocalKeyring implements Keyring {
  readonly keyringId: string;
  readonly #path: string;
  readonly #rootKey: SecretBytes;
  readonly #now: () => number;
  #keys: readonly MemoryGlobalKey[];
  #provider: MemoryKeyProvider;
  #closed = false;
  /** The change under way; changes are made one after the other. */
  #change: Promise<unknown> = Promise.resolve();

  constructor(
    path: string,
    keyringId: string,
    rootKey: SecretBytes,
    keys: readonly MemoryGlobalKey[],
    now: () => number,
  ) {
    this.#path = path;
    this.keyringId = keyringId;
    this.#rootKey = rootKey;
    this.#keys = keys;
    this.#provider = new MemoryKeyProvider(keys);
    this.#now = now;
  }

  async activeKeyId(): Promise<string> {
    return this.#open().activeKeyId();
  }

  async listKeys(): Promise<readonly GlobalKeyInfo[]> {
    return this.#open().listKeys();
  }

  async wrap(globalKeyId: string, plaintext: SecretBytes, aad: Uint8Array): Promise<Uint8Array> {
    return this.#open().wrap(globalKeyId, plaintext, aad);
  }

  async unwrap(globalKeyId: string, wrapped: Uint8Array, aad: Uint8Array): Promise<SecretBytes> {
    return this.#open().unwrap(globalKeyId, wrapped, aad);
  }

  async mac(globalKeyId: string, purpose: MacPurpose, message: Uint8Array): Promise<Uint8Array> {
    return this.#open().mac(globalKeyId, purpose, message);
  }

  addKey(): Promise<string> {
    return this.#inTurn(async () => {
      const key = freshGlobalKey(this.#now());
      const stored = storeActiveKey(key, this.#rootKey);
      key.key.wipe();
      await this.#replaceKeys((keys) => [...keys.map(retired), stored]);
      return key.id;
    });
  }

  destroyKey(globalKeyId: string, stillInUse: () => Promise<boolean>): Promise<void> {
    return this.#inTurn(async () => {
      const state = this.#keys.find(({ id }) => id === globalKeyId)?.state;
      if (state === undefined) throw new EnvelopeError('unknown_key', `There is no global key ${globalKeyId}`);
      if (state === 'destroyed') return;
      if (state === 'active')
        throw new KeyringError(
          'key_active',
          `Global key ${globalKeyId} of ${this.#path} is active. Add a new key first`,
        );
      if (await stillInUse())
        throw new KeyringError(
          'key_in_use',
          `Global key ${globalKeyId} of ${this.#path} still protects data. Wait until everything was moved to the active key`,
        );
      await this.#replaceKeys((keys) => keys.map((key) => (key.id === globalKeyId ? destroyed(key) : key)));
    });
  }

  close(): void {
    this.#closed = true;
    this.#rootKey.wipe();
    wipeKeys(this.#keys);
  }

  #open(): MemoryKeyProvider {
    if (this.#closed) throw new Error(`The keyring ${this.#path} was closed`);
    return this.#provider;
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#change.then(() => {
      this.#open();
      return change();
    });
    this.#change = turn.catch(() => undefined);
    return turn;
  }

  /** Changes what the file holds now, so that a key which another process added since is kept, and takes over the result. */
  async #replaceKeys(change: (keys: readonly StoredGlobalKey[]) => StoredGlobalKey[]): Promise<void> {
    const content = await readKeyringFile(this.#path);
    const next = { ...content, keys: change(content.keys) };
    // Opened before it is written: what cannot be opened again must not replace what can.
    const keys = openKeys(next, this.#rootKey, this.#path);
    try {
      await replaceKeyringFile(this.#path, next);
      const provider = new MemoryKeyProvider(keys);
      this.#open();
      wipeKeys(this.#keys);
      this.#provider = provider;
      this.#keys = keys;
    } catch (error) {
      wipeKeys(keys);
      throw error;
    }
  }
}

function openKeys(content: KeyringContent, rootKey: SecretBytes, path: string): MemoryGlobalKey[] {
  const tried = content.keys.map((stored) => openStoredKey(stored, rootKey));
  const keys = tried.filter((key) => key !== undefined);
  if (keys.length === tried.length) return keys;
  const someOpened = keys.some(({ key }) => key !== null);
  wipeKeys(keys);
  if (someOpened)
    throw new KeyringError(
      'keyring_malformed',
      `A key in the keyring ${path} is damaged. Put it back from your backup`,
    );
  throw new KeyringError(
    'root_key_wrong',
    `The root key or passphrase does not open the keyring ${path}. Give the one it was made with; if it is, the file is damaged`,
  );
}

function retired(key: StoredGlobalKey): StoredGlobalKey {
  return key.state === 'active' ? { ...key, state: 'decrypt-only' } : key;
}

function destroyed({ id, createdAt }: StoredGlobalKey): StoredGlobalKey {
  return { id, state: 'destroyed', createdAt };
}

function wipeKeys(keys: readonly MemoryGlobalKey[]): void {
  for (const { key } of keys) key?.wipe();
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return false;
    throw error;
  }
}
