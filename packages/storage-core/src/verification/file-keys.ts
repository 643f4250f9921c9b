import { constantTimeEqual, type SecretBytes } from '@coffer/bytes';
import { unwrapFileKeyForCustomer } from '@coffer/envelope-crypto';
import type { FileVersionRecord, StoredEncryption } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { asReadFailure, isCustomerKeyOf, unwrapFileKey } from '../encryption/file-encryption.ts';

/** A file's key: none for a file that is not encrypted, or not at hand for an SSE-C file whose key nobody gave. */
export type FileKey = SecretBytes | 'none' | 'not at hand';

interface Known {
  readonly fileId: string;
  readonly wrappedKey: Uint8Array;
  readonly key: SecretBytes;
}

/** Unwraps file keys, and keeps the last one, since the parts of a file come one after the other. */
export class FileKeys {
  readonly #core: Core;
  readonly #customerKeys: readonly SecretBytes[];
  #last: Known | undefined;

  constructor(core: Core, customerKeys: readonly SecretBytes[]) {
    this.#core = core;
    this.#customerKeys = customerKeys;
  }

  /**
   * The key, which stays this object's.
   *
   * @throws StorageError `integrity` if it does not open; `storage_unavailable` if the global key is not at hand.
   */
  async of(version: FileVersionRecord, encryption: StoredEncryption): Promise<FileKey> {
    const { mode, wrappedKey } = encryption;
    if (mode === 'none') return 'none';
    const known = this.#last;
    const isKnown = known?.fileId === version.fileId && wrappedKey !== null;
    if (isKnown && constantTimeEqual(known.wrappedKey, wrappedKey)) return known.key;
    const key = mode === 'SSE-B2' ? await this.#forServer(version, encryption) : this.#forCustomer(version, encryption);
    if (key === undefined || wrappedKey === null) return 'not at hand';
    this.#keep({ fileId: version.fileId, wrappedKey, key });
    return key;
  }

  /** Wipes what is kept. */
  close(): void {
    this.#keep(undefined);
  }

  async #forServer(version: FileVersionRecord, encryption: StoredEncryption): Promise<SecretBytes | undefined> {
    return (await unwrapFileKey(this.#core, encryption, undefined, version)) ?? undefined;
  }

  #forCustomer(version: FileVersionRecord, encryption: StoredEncryption): SecretBytes | undefined {
    const { wrappedKey } = encryption;
    const customerKey = this.#customerKeys.find((key) => isCustomerKeyOf(encryption, key, version.fileId));
    if (customerKey === undefined || wrappedKey === null) return undefined;
    try {
      return unwrapFileKeyForCustomer(customerKey, wrappedKey, version);
    } catch (error) {
      throw asReadFailure(error, version.fileId);
    }
  }

  #keep(known: Known | undefined): void {
    this.#last?.key.wipe();
    this.#last = known;
  }
}
