import type { StoreIdentity } from '@coffer/storage-ports';

/** What is done when a store is opened. */
export interface RecoveryService {
  /**
   * Finishes interrupted deletes and removes blobs that no file refers to. Only while nothing else uses the store.
   * Returns how many of each there were.
   */
  recover(): Promise<{ readonly deletions: number; readonly orphanBlobs: number; readonly leftovers: number }>;
  /**
   * Finishes the deletes whose blobs stayed for a backup that has ended or died since; does nothing while one is under way, or where
   * there was none. Beside everything else. Returns how many there were.
   */
  resumeDeletions(): Promise<number>;
  /**
   * Makes a store of empty metadata: gives it its identity and, in the same commit, proof of the keys that it is made with. Does
   * nothing where that was done. Resolves with the store's identity.
   *
   * @throws StorageError `storage_unavailable` where there is data that has no identity.
   */
  makeStore(): Promise<StoreIdentity>;
  /** What the metadata says of its store; undefined where none was made yet. */
  identity(): Promise<StoreIdentity | undefined>;
  /**
   * Whether the key provider holds the keys this store was made with. `mismatch`: other keys; `missing_proof`: nothing tells.
   * Changes nothing.
   */
  checkKeyring(): Promise<'match' | 'mismatch' | 'missing_proof'>;
  /**
   * Proves the keys with the active one, so that the proof outlives the destruction of the one it was made with.
   *
   * @throws StorageError `storage_unavailable` unless the keys match.
   */
  renewProof(): Promise<void>;
}
