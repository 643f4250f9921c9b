import type { SecretBytes } from '@coffer/bytes';
import type { TableName } from '@coffer/storage-ports';

/**
 * What can be wrong with what is stored. All but `orphan` are damage.
 *
 * - `undecodable`: a row does not decode, or is no record of its table;
 * - `misplaced`: a record is under a key that is another record's;
 * - `missing-row`: a row is not there although another one needs it;
 * - `contradiction`: two rows say different things;
 * - `seal`: a file's record does not match its seal;
 * - `secret`: the sealed secret of an application key or event notification rule cannot be opened;
 * - `keyring-proof`: the proof of the keyring was not made with the keys at hand;
 * - `global-key`: the keyring does not have the key that a record names;
 * - `file-key`: the wrapped file key cannot be unwrapped;
 * - `blob-missing`: a blob is not there;
 * - `blob-length`: a blob is shorter or longer than it was;
 * - `blob-damaged`: a blob is not authentic, or is another blob than the one that was sealed;
 * - `checksum`: the content does not match its SHA-1 or MD5;
 * - `unreadable`: the medium does not give a blob's bytes;
 * - `orphan`: nothing names a blob. It belongs to an upload that is under way, or was left over by one.
 */
export type FindingKind =
  | 'undecodable'
  | 'misplaced'
  | 'missing-row'
  | 'contradiction'
  | 'seal'
  | 'secret'
  | 'keyring-proof'
  | 'global-key'
  | 'file-key'
  | 'blob-missing'
  | 'blob-length'
  | 'blob-damaged'
  | 'checksum'
  | 'unreadable'
  | 'orphan';

/** Where something is wrong. A member is null if it does not apply, or is not known. */
export interface FindingPlace {
  /** The table of the row that was looked at; null for a blob that no row names. */
  readonly table: TableName | null;
  readonly bucketId: string | null;
  /** The file name. */
  readonly name: string | null;
  readonly fileId: string | null;
  /** 0 for a regular file. */
  readonly partNumber: number | null;
  readonly blobId: string | null;
}

/** Something that is wrong with what is stored. */
export interface Finding extends FindingPlace {
  readonly kind: FindingKind;
  readonly bucketName: string | null;
  /** For the operator, in one sentence. Has ids, sizes and names in it, and no secret. */
  readonly detail: string;
}

/** How much was looked at, and what was found. */
export interface VerificationCounts {
  readonly rows: number;
  /** How many of the rows are references of blobs, and so the number of blobs. */
  readonly references: number;
  /** Blobs whose bytes were all checked. */
  readonly blobs: number;
  /** Stored bytes of blobs that were read. */
  readonly bytes: number;
  /** SSE-C blobs whose length and commitment were checked and whose content was not, for want of the customer's key. */
  readonly withoutKey: number;
  /** Rows that others changed each time they were looked at. */
  readonly unsettled: number;
  /** Findings that are damage. */
  readonly damaged: number;
  readonly orphans: number;
}

/** How far a run has come: plain data, which can be kept as JSON. */
export interface VerificationCursor {
  /** What is being looked at: a table, or `blobs`. */
  readonly stage: string;
  /** The last key of that stage that was looked at, in hexadecimal; empty at its beginning. */
  readonly after: string;
  /** The only bucket that is looked at; null for everything. */
  readonly bucketId: string | null;
  readonly counts: VerificationCounts;
}

export interface VerificationOptions {
  /** Look at this bucket and its files only; null or absent: at everything. */
  readonly bucketId?: string | null;
  /** To check the content of SSE-C files with. They stay the caller's. */
  readonly customerKeys?: readonly SecretBytes[];
  /** Stored bytes of blobs read per second at most; absent: no limit. */
  readonly bytesPerSecond?: number;
  /** Continue where an earlier run has stopped. */
  readonly from?: VerificationCursor;
  readonly signal?: AbortSignal;
}

/** A run that is under way. */
export interface VerificationRun {
  /**
   * The place up to which everything was checked and every finding was given. A run that begins there misses nothing.
   */
  readonly cursor: VerificationCursor;
  /** Like the counts in the cursor, but up to this moment. */
  readonly counts: VerificationCounts;
  /** How much of the work is done, from 0 to 1, as far as can be told; null for a run over one bucket. */
  readonly share: number | null;
  /** What is being looked at; `number`: how many stages came before it; `of`: how many stages there are. */
  readonly stage: { readonly name: string; readonly number: number; readonly of: number };
  /**
   * Looks at everything and gives what is wrong. To be called once. Ends after everything; rejects with the signal's
   * reason.
   *
   * @throws StorageError `storage_unavailable` where the metadata store, or all of the blob store, cannot be read.
   */
  findings(): AsyncGenerator<Finding, void>;
}

/**
 * Reads everything that is stored and reports what is damaged: each row of each table by itself and against the others,
 * the seal of each file, and each blob's presence, length, authenticity and checksum. Changes nothing.
 *
 * Others may work on the same store meanwhile: a row that seems to be wrong is read again until it did not change while
 * it was checked. Memory is bounded, and between a few rows everything else gets its turn.
 *
 * What leaves no trace cannot be found: a row of an application key, of an event that waits or of a delivery's state
 * that was removed, and a store that was put back as a whole to an older state.
 */
export interface VerificationService {
  /** @throws StorageError `invalid` for a malformed cursor, or that of another bucket; `bucket_missing`. */
  begin(options?: VerificationOptions): Promise<VerificationRun>;
}
