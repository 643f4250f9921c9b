import type { CustomerKey } from '@coffer/sse-schema';
import { customerKeyIdInfo, type CustomerKeyEncryption } from './file-encryption.ts';

/**
 * Customer keys, of which the one of a file is found by the id in its info, and else by trying.
 *
 * @example
 * ```ts
 * const [last, present] = ['2025', '2026'].map((id) => sseC(SecretBytes.random(32), { id }));
 * const ring = new CustomerKeyRing([last, present]);
 * assert.equal(ring.candidates({ sse_c_key_id: '2026' })[0].keyId, '2026');
 * ring.wipe();
 * ```
 */
export class CustomerKeyRing {
  readonly #keys: readonly CustomerKeyEncryption[];

  constructor(keys: Iterable<CustomerKeyEncryption>) {
    this.#keys = [...keys];
  }

  /**
   * The keys to be tried on a file with this info: those with the id that it names, then those without an id, then the
   * others, in the order in which they were given.
   */
  candidates(fileInfo: Readonly<Record<string, string>> = {}): readonly CustomerKeyEncryption[] {
    const named = fileInfo[customerKeyIdInfo];
    const rank = ({ keyId }: CustomerKeyEncryption) => (keyId === undefined ? 1 : keyId === named ? 0 : 2);
    return [...this.#keys].sort((one, other) => rank(one) - rank(other));
  }

  /** Zeroes all keys. */
  wipe(): void {
    for (const { customerKey } of this.#keys satisfies readonly { customerKey: CustomerKey }[]) customerKey.wipe();
  }

  toJSON(): string {
    return '[CustomerKeyRing]';
  }
}
