import type { SecretBytes } from '@coffer/bytes';
import type { ChecksumMasks } from './checksum-masks.ts';
import { EnvelopeError } from './envelope-error.ts';
import type { KeyEngine } from './key-engine.ts';
import type { GlobalKeyInfo, KeyProvider, MacPurpose } from './key-provider.ts';
import { PurposeMacs } from './purpose-mac.ts';
import { openXaes, sealXaes } from './xaes.ts';

/** A global key whose bytes are at hand. */
export interface MemoryGlobalKey extends GlobalKeyInfo {
  /** 32 bytes; null exactly if the key was destroyed. */
  readonly key: SecretBytes | null;
}

/**
 * A key provider over global keys in memory. Providers that keep their keys elsewhere can open them into one; by itself
 * it suits tests and examples, since what it wraps is lost with the process.
 *
 * The keys stay the caller's to wipe; wiping one that is in use makes later calls throw. What was derived from them is
 * kept until {@link MemoryKeyProvider.forget}.
 */
export class MemoryKeyProvider implements KeyProvider {
  readonly #keys: ReadonlyMap<string, MemoryGlobalKey>;
  readonly #activeKeyId: string;
  readonly #engine: KeyEngine | undefined;
  readonly #macs = new Map<SecretBytes, PurposeMacs>();

  /**
   * `engine`: the one in TypeScript by default.
   *
   * @throws EnvelopeError `invalid_keys` unless ids are unique, exactly one key is active and just the destroyed ones
   * have no bytes.
   */
  constructor(keys: readonly MemoryGlobalKey[], engine?: KeyEngine) {
    this.#engine = engine;
    this.#keys = new Map(keys.map((key) => [key.id, key]));
    if (this.#keys.size !== keys.length) throw new EnvelopeError('invalid_keys', 'Two global keys have the same id');
    const [active, ...others] = keys.filter((key) => key.state === 'active');
    if (active === undefined || others.length > 0)
      throw new EnvelopeError('invalid_keys', 'Exactly one global key must be active');
    if (keys.some(({ key, state }) => (key === null) !== (state === 'destroyed')))
      throw new EnvelopeError('invalid_keys', 'A global key has bytes unless it was destroyed');
    this.#activeKeyId = active.id;
  }

  activeKeyId(): Promise<string> {
    return Promise.resolve(this.#activeKeyId);
  }

  listKeys(): Promise<readonly GlobalKeyInfo[]> {
    const infos = [...this.#keys.values()].map(({ id, state, createdAt }) => ({ id, state, createdAt }));
    return Promise.resolve(infos.sort((a, b) => a.createdAt - b.createdAt));
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- async turns what is thrown into a rejection, as the port promises
  async wrap(globalKeyId: string, plaintext: SecretBytes, aad: Uint8Array): Promise<Uint8Array> {
    const key = this.#find(globalKeyId);
    if (globalKeyId !== this.#activeKeyId)
      throw new EnvelopeError('unknown_key', `Global key ${globalKeyId} is no longer active and wraps nothing new`);
    return sealXaes(key, plaintext, aad, { keys: this.#engine });
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- as above
  async unwrap(globalKeyId: string, wrapped: Uint8Array, aad: Uint8Array): Promise<SecretBytes> {
    return openXaes(this.#find(globalKeyId), wrapped, aad, { keys: this.#engine });
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- as above
  async mac(globalKeyId: string, purpose: MacPurpose, message: Uint8Array): Promise<Uint8Array> {
    return this.#macsUnder(this.#find(globalKeyId)).mac(purpose, message);
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- as above
  async checksumMasks(globalKeyId: string): Promise<ChecksumMasks> {
    return this.#macsUnder(this.#find(globalKeyId));
  }

  /** Zeroes what was derived from the keys. To be called wherever the keys are wiped. */
  forget(): void {
    for (const macs of this.#macs.values()) macs.wipe();
    this.#macs.clear();
  }

  #macsUnder(key: SecretBytes): PurposeMacs {
    const known = this.#macs.get(key);
    if (known !== undefined) return known;
    const macs = new PurposeMacs(key, this.#engine);
    this.#macs.set(key, macs);
    return macs;
  }

  #find(globalKeyId: string): SecretBytes {
    const key = this.#keys.get(globalKeyId)?.key ?? null;
    if (key === null)
      throw new EnvelopeError('unknown_key', `There is no global key ${globalKeyId}, or it was destroyed`);
    return key;
  }
}
