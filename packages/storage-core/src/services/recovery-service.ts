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
   * Proves that the key provider holds the keys this store was made with; on a new store, writes the proof.
   * `mismatch`: other keys; `missing_proof`: data but no proof.
   */
  checkKeyring(): Promise<'new' | 'match' | 'mismatch' | 'missing_proof'>;
}
