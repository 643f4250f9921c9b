import type { SecretBytes } from '@coffer/bytes';
import type { CredentialScope } from './signing-key.ts';

interface CachedKey {
  readonly accessKeyId: string;
  readonly version: string;
  readonly key: SecretBytes;
}

/**
 * Signing keys by key id, day and region, the ones used longest ago dropped first. Every key that leaves is wiped, so
 * whoever got one uses it before anything is awaited.
 */
export class SigningKeyCache {
  readonly #entries = new Map<string, CachedKey>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The key, if it was derived from that version of the secret; one of another version is dropped. */
  get(accessKeyId: string, scope: CredentialScope, version: string): SecretBytes | undefined {
    const name = nameOf(accessKeyId, scope);
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    if (entry.version !== version) {
      this.#drop(name, entry);
      return undefined;
    }
    // To the end, where the ones used last are.
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    return entry.key;
  }

  /** Takes over the key; it may be wiped at once, where nothing is to be kept. */
  put(accessKeyId: string, scope: CredentialScope, version: string, key: SecretBytes): void {
    const name = nameOf(accessKeyId, scope);
    const before = this.#entries.get(name);
    if (before !== undefined) this.#drop(name, before);
    this.#entries.set(name, { accessKeyId, version, key });
    for (const [oldest, entry] of this.#entries) {
      if (this.#entries.size <= this.#limit) return;
      this.#drop(oldest, entry);
    }
  }

  /** Drops all keys of a key id. */
  invalidate(accessKeyId: string): void {
    for (const [name, entry] of this.#entries) if (entry.accessKeyId === accessKeyId) this.#drop(name, entry);
  }

  /** Drops everything. */
  clear(): void {
    for (const [name, entry] of this.#entries) this.#drop(name, entry);
  }

  #drop(name: string, entry: CachedKey): void {
    this.#entries.delete(name);
    entry.key.wipe();
  }
}

/** Neither a date nor a region has a slash. */
function nameOf(accessKeyId: string, { date, region }: CredentialScope): string {
  return `${date}/${region}/${accessKeyId}`;
}
