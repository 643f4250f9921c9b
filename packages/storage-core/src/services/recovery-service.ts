import type { QuarantinedBlob, StoreIdentity } from '@coffer/storage-ports';

/** What recovery did. */
export interface RecoveryReport {
  /** Interrupted deletes that were finished. */
  readonly deletions: number;
  /** Files of interrupted writes that were removed. */
  readonly leftovers: number;
  /** Blobs that nothing names and that were put into quarantine. */
  readonly orphanBlobs: number;
  /** Blobs in quarantine whose time was over and that were removed. */
  readonly purged: number;
  /** What an operator should know; empty after an ordinary stop or crash. */
  readonly concerns: readonly RecoveryConcern[];
}

/** A state that a crash alone does not explain. */
export interface RecoveryConcern {
  readonly kind: RecoveryConcernKind;
  readonly count: number;
  /** Blob ids, the first hundred; for `deletion_refused` of parts the file's id. */
  readonly ids: readonly string[];
}

/**
 * - `metadata_older`: there are more blobs that nothing names than uploads under way can have left, so the metadata is
 *   older than the blobs. Nothing was moved, and nothing is removed from quarantine.
 * - `undecided`: there are blobs without a reference, and rows that do not decode and may name them. Nothing was moved.
 * - `no_space`: blobs that nothing names and that stayed where they are, because the disk is full.
 * - `reference_restored`: blobs whose reference was missing though a version or part names them.
 * - `reference_missing`: the same, where the reference could not be restored.
 * - `returned`: blobs in quarantine that are named, and were put back.
 * - `deletion_refused`: deletes whose blobs are in use or may be; the blobs stay, and so does the record of the delete.
 */
export type RecoveryConcernKind =
  | 'metadata_older'
  | 'undecided'
  | 'no_space'
  | 'reference_restored'
  | 'reference_missing'
  | 'returned'
  | 'deletion_refused';

/** What is wrong with a store's blobs, as far as it can be found without changing anything. */
export interface BlobSurvey {
  /** Blobs without a reference that nothing names, including those of uploads that are under way. */
  readonly orphans: { readonly count: number; readonly ids: readonly string[] };
  /** The most orphans that there can be: left by crashes since the last recovery, or of uploads that are under way. */
  readonly bound: number;
  readonly quarantine: { readonly count: number; readonly bytes: number };
}

/** Blobs that were taken out of use because nothing named them. */
export interface QuarantineService {
  /** Blobs with ids after `after` in bytewise order, at most `limit`; fewer means no more. */
  list(options: { readonly after?: string; readonly limit: number }): Promise<readonly QuarantinedBlob[]>;
  /** Puts a blob back into use. The next recovery takes it out again unless something names it by then. */
  restore(blobId: string): Promise<'restored' | 'not_in_quarantine'>;
  /** Removes blobs for good, except those that a reference, a version or a part names; returns the ids of both. */
  purge(blobIds: readonly string[]): Promise<{ readonly purged: readonly string[]; readonly named: readonly string[] }>;
  /**
   * Removes blobs that nothing names and whose time is over, even by a clock that is doubted. May run while the store
   * is in use. Does nothing if recovery found the metadata to be older than the blobs, or if a row does not decode.
   * Returns how many blobs it removed.
   */
  purgeExpired(): Promise<number>;
  /** Changes nothing. */
  survey(): Promise<BlobSurvey>;
}

/** What is done when a store is opened. */
export interface RecoveryService {
  /**
   * Finishes interrupted deletes, removes what interrupted writes left, puts blobs that nothing names into quarantine,
   * and removes those whose time there is over. Only while nothing else uses the store, or in a process that has joined
   * others as a member: then only what members left that are none any more is looked at. May be interrupted at any
   * point and begun anew.
   */
  recover(): Promise<RecoveryReport>;
  /** Removes this process's record of blobs under way if there are none. To be called when a process ends properly. */
  retire(): Promise<void>;
  readonly quarantine: QuarantineService;
  /**
   * Finishes the deletes whose blobs were kept for a backup that has ended or died since. Does nothing while a backup
   * is under way, or if there was none. May run while the store is in use. Returns how many deletes there were.
   */
  resumeDeletions(): Promise<number>;
  /**
   * Makes a store of empty metadata: gives it its identity and, in the same commit, proof of the keys that it is made
   * with. Does nothing where that was done. Resolves with the store's identity.
   *
   * @throws StorageError `storage_unavailable` where there is data that has no identity.
   */
  makeStore(): Promise<StoreIdentity>;
  /** What the metadata says of its store; undefined where none was made yet. */
  identity(): Promise<StoreIdentity | undefined>;
  /**
   * Whether the key provider holds the keys this store was made with. `mismatch`: other keys; `missing_proof`: there is
   * no proof to compare them with. Changes nothing.
   */
  checkKeyring(): Promise<'match' | 'mismatch' | 'missing_proof'>;
  /**
   * Makes the proof of the keys anew, with the active key, so that the key of the present proof can be destroyed.
   *
   * @throws StorageError `storage_unavailable` unless the keys match.
   */
  renewProof(): Promise<void>;
}
