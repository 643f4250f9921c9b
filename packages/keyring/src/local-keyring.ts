import type { SecretBytes } from '@coffer/bytes';
import {
  EnvelopeError,
  MemoryKeyProvider,
  type ChecksumMasks,
  type GlobalKeyInfo,
  type KeyEngine,
  type MacPurpose,
  type MemoryGlobalKey,
} from '@coffer/envelope-crypto';
import { freshGlobalKey, storeActiveKey } from './global-key.ts';
import { openKeys, wipeKeys } from './global-keys.ts';
import { KeyringError } from './keyring-error.ts';
import {
  changeKeyring,
  readKeyring,
  type KeyringContent,
  type ServedStore,
  type StoredGlobalKey,
} from './keyring-file.ts';
import type { KeyringPlace } from './keyring-place.ts';
import type { Keyring } from './keyring.ts';
import { Turns } from './turns.ts';

/** What a {@link LocalKeyring} is made of. */
interface OpenedKeyring {
  readonly place: KeyringPlace;
  readonly keyringId: string;
  readonly rootKey: SecretBytes;
  readonly stores: readonly ServedStore[];
  readonly keys: readonly MemoryGlobalKey[];
  readonly now: () => number;
  readonly engine: KeyEngine | undefined;
}

/** A keyring over opened keys. It owns them and the root key from now on, and wipes them. */
export class LocalKeyring implements Keyring {
  readonly keyringId: string;
  readonly #place: KeyringPlace;
  readonly #rootKey: SecretBytes;
  readonly #now: () => number;
  readonly #engine: KeyEngine | undefined;
  #stores: readonly ServedStore[];
  #keys: readonly MemoryGlobalKey[];
  #provider: MemoryKeyProvider;
  #closed = false;
  /** Identity of the content that was last searched for an unknown key. */
  #seen: string | undefined;
  readonly #changes = new Turns();
  /** Separate from `#changes`: a change may take long, and may itself need a key that has to be looked for. */
  readonly #looks = new Turns();

  constructor({ place, keyringId, rootKey, stores, keys, now, engine }: OpenedKeyring) {
    this.#place = place;
    this.keyringId = keyringId;
    this.#rootKey = rootKey;
    this.#stores = stores;
    this.#keys = keys;
    this.#engine = engine;
    this.#provider = new MemoryKeyProvider(keys, engine);
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
    return this.#withKey(globalKeyId, (provider) => provider.unwrap(globalKeyId, wrapped, aad));
  }

  async mac(globalKeyId: string, purpose: MacPurpose, message: Uint8Array): Promise<Uint8Array> {
    return this.#withKey(globalKeyId, (provider) => provider.mac(globalKeyId, purpose, message));
  }

  get stores(): readonly ServedStore[] {
    return this.#stores;
  }

  addStore({ storeId, formatVersion }: ServedStore): Promise<void> {
    return this.#inTurn(async () => {
      let stores: readonly ServedStore[] = [];
      await changeKeyring(this.#place, (content) => {
        this.#requireContinued(content);
        const known = content.stores.find((store) => store.storeId === storeId);
        const isListed = known?.formatVersion === formatVersion;
        const next = [...content.stores.filter((store) => store !== known), { storeId, formatVersion }];
        stores = isListed ? content.stores : next;
        return Promise.resolve(isListed ? undefined : { ...content, stores: next });
      });
      this.#stores = stores;
    });
  }

  async checksumMasks(globalKeyId: string): Promise<ChecksumMasks> {
    return this.#withKey(globalKeyId, (provider) => provider.checksumMasks(globalKeyId));
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
          `Global key ${globalKeyId} of ${this.#place.name} is active. Add a new key first`,
        );
      if (await stillInUse())
        throw new KeyringError(
          'key_in_use',
          `Global key ${globalKeyId} of ${this.#place.name} still protects data. Wait until everything was moved to ` +
            'the active key',
        );
      await this.#replaceKeys((keys) => keys.map((key) => (key.id === globalKeyId ? destroyed(key) : key)));
    });
  }

  reload(): Promise<void> {
    return this.#inTurn(async () => {
      const content = await readKeyring(this.#place);
      this.#requireContinued(content);
      this.#takeOver(openKeys(content, this.#rootKey, this.#place.name));
    });
  }

  close(): void {
    this.#closed = true;
    this.#rootKey.wipe();
    this.#wipe();
  }

  /** Wipes the keys in use, and what was derived from them. */
  #wipe(): void {
    this.#provider.forget();
    wipeKeys(this.#keys);
  }

  #open(): MemoryKeyProvider {
    if (this.#closed) throw new KeyringError('keyring_closed', `The keyring ${this.#place.name} was closed`);
    return this.#provider;
  }

  /**
   * Calls `use`; before that, looks into the file for a key that is not known, since another process may have added it.
   */
  async #withKey<T>(globalKeyId: string, use: (provider: MemoryKeyProvider) => Promise<T>): Promise<T> {
    this.#open();
    if (!this.#keys.some(({ id }) => id === globalKeyId)) await this.#looks.take(() => this.#lookAgain());
    return use(this.#open());
  }

  /**
   * Reads the file, but only if it was replaced since the last look: anybody may send unknown key ids, as often as they
   * like.
   */
  async #lookAgain(): Promise<void> {
    const known = this.#keys;
    const identity = await this.#place.identity();
    if (identity === undefined || identity === this.#seen) return;
    try {
      const content = await readKeyring(this.#place);
      // This process has changed the keyring meanwhile. What was read may be older than the change, and the change
      // includes it.
      if (this.#keys !== known) return;
      if (this.#isContinuedBy(content)) this.#takeOver(openKeys(content, this.#rootKey, this.#place.name));
    } catch (error) {
      if (!(error instanceof KeyringError)) throw error;
    }
    this.#seen = identity;
  }

  /**
   * Whether the content is of this keyring, with all keys that are known here. An older state lacks some of them, or
   * has one that was destroyed since.
   */
  #isContinuedBy({ keyringId, keys }: KeyringContent): boolean {
    const states = new Map(keys.map(({ id, state }) => [id, state]));
    return (
      keyringId === this.keyringId &&
      this.#keys.every(({ id, state }) => states.has(id) && (state !== 'destroyed' || states.get(id) === 'destroyed'))
    );
  }

  /** Nothing is changed or taken over otherwise: the only copy of a key may be in this process. */
  #requireContinued(content: KeyringContent): void {
    if (this.#isContinuedBy(content)) return;
    throw new KeyringError(
      'keyring_malformed',
      `The keyring ${this.#place.name} lacks keys that are in use: it is another one, or an older state of it. Put ` +
        'the newest one back',
    );
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    return this.#changes.take(() => {
      this.#open();
      return change();
    });
  }

  /**
   * Changes what the file holds now, so that a key which another process added since is kept, and takes over the
   * result.
   */
  async #replaceKeys(change: (keys: readonly StoredGlobalKey[]) => StoredGlobalKey[]): Promise<void> {
    let opened: readonly MemoryGlobalKey[] = [];
    try {
      await changeKeyring(this.#place, (content) => {
        this.#requireContinued(content);
        const next = { ...content, keys: change(content.keys) };
        wipeKeys(opened);
        // The new content is opened before it is written, so that content that cannot be opened never replaces content
        // that can.
        opened = openKeys(next, this.#rootKey, this.#place.name);
        return Promise.resolve(next);
      });
    } catch (error) {
      wipeKeys(opened);
      throw error;
    }
    this.#takeOver(opened);
  }

  #takeOver(keys: readonly MemoryGlobalKey[]): void {
    if (this.#closed) wipeKeys(keys);
    this.#open();
    this.#wipe();
    this.#provider = new MemoryKeyProvider(keys, this.#engine);
    this.#keys = keys;
  }
}

function retired(key: StoredGlobalKey): StoredGlobalKey {
  return key.state === 'active' ? { ...key, state: 'decrypt-only' } : key;
}

function destroyed({ id, createdAt }: StoredGlobalKey): StoredGlobalKey {
  return { id, state: 'destroyed', createdAt };
}
