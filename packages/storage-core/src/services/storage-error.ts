import type { SseViolation } from '@coffer/sse-schema';
import type { ChecksumAlgorithm } from '@coffer/storage-ports';
import type { ClockDoubt } from './clock-service.ts';

/**
 * Details of each error of the core. The key is the code; the core's errors have no HTTP status, each protocol maps
 * them once.
 */
export interface StorageErrorDetails {
  /** The application key id is unknown, or the key has expired, or the secret is wrong. */
  bad_credentials: object;
  /** The token is not one of this server, or of another kind than needed, or its key was deleted. */
  token_invalid: object;
  token_expired: object;
  application_key_missing: { readonly applicationKeyId: string };
  /** What is asked for is outside of the name prefix that the caller is restricted to. */
  outside_prefix: object;
  /** A request that breaks a rule of the domain; `field` names what. */
  invalid: { readonly field: string };

  bucket_missing: { readonly bucketId: string };
  bucket_name_missing: { readonly bucketName: string };
  bucket_name_taken: object;
  too_many_buckets: { readonly limit: number };
  bucket_not_empty: object;
  bucket_revision_mismatch: object;

  /** No such version, or one that cannot be read: a hide marker, an unfinished large file. */
  file_missing: object;
  /** The version to delete: the id is unknown or belongs to another name. */
  file_not_present: { readonly name: string; readonly fileId: string };
  /**
   * The name's current version, or the version to delete, is not as the caller asked. `found`: whether there is one,
   * not counting a current hide marker. `newer`: it is as asked, but newer than the large file that is to be finished,
   * which would come behind it.
   */
  condition_failed: { readonly found: 'absent' | 'present' | 'newer' };
  /** There is no file of that name to hide. */
  name_missing: { readonly name: string };
  already_hidden: { readonly name: string };
  /** Not an unfinished large file: never was, finished, or cancelled. */
  no_active_upload: { readonly fileId: string };
  part_missing: { readonly partNumber: number };
  part_sha1_mismatch: { readonly partNumber: number };
  part_tag_mismatch: { readonly partNumber: number };
  /** A further checksum that was listed for a part is not the part's, or the part has none. */
  part_checksum_mismatch: { readonly partNumber: number };
  /** The list gives no further checksum of a part, which the file was started to have one of. */
  part_checksum_missing: { readonly partNumber: number };
  too_few_parts: object;
  /** Bytes; `entityTag`: the part's, without quotes. */
  part_too_small: {
    readonly partNumber: number;
    readonly minimum: number;
    readonly size: number;
    readonly entityTag: string;
  };
  /** The parts of a large file have other bytes together than it should have. */
  size_mismatch: { readonly expected: number; readonly actual: number };

  checksum_mismatch: { readonly algorithm: 'SHA-1' | 'MD5' | ChecksumAlgorithm };
  /**
   * The bytes that follow the data as its SHA-1 are not 40 hexadecimal digits. `received`: these bytes as text;
   * whatever is not printable ASCII is replaced by `?`.
   */
  trailing_sha1_malformed: { readonly received: string };
  body_incomplete: object;
  body_too_large: { readonly limit: number };
  /** File name and file info exceed the limit together. */
  metadata_too_large: { readonly limit: number };
  /** The open file was read from after it was closed. */
  file_closed: object;
  range_not_satisfiable: { readonly size: number };
  copy_source_too_large: { readonly size: number };
  custom_timestamp_not_allowed: object;
  custom_timestamp_invalid: object;

  /** The account has so many snapshots that wait or run. */
  too_many_snapshots: { readonly limit: number };
  /** The account has asked for another snapshot with this id of the request. */
  request_id_taken: { readonly requestId: string };
  /** The unfinished large file is the ZIP file of a snapshot, into which only the server writes. */
  snapshot_unfinished: { readonly snapshotId: string };
  snapshot_missing: { readonly snapshotId: string };
  /** The snapshot has ended, or is about to be finished, so it cannot be cancelled. */
  snapshot_ended: { readonly snapshotId: string };

  /** A rule of server-side encryption was broken. */
  sse_violation: { readonly violation: SseViolation };
  /** The owner of the bucket does not let new files have customer keys. */
  customer_keys_blocked: { readonly bucketId: string };
  /** A well-formed customer key, but not the one the file was stored with. */
  customer_key_wrong: object;
  /** Stored data or its record is not what was stored. No byte that failed was released. */
  integrity: { readonly fileId: string };
  /**
   * A record that decides who may do what, such as a bucket's or an application key's, is not what was stored, or a
   * record of any table does not decode. It grants nothing. `key`: its place in the table.
   */
  record_damaged: { readonly table: string; readonly key: Uint8Array };

  bucket_lock_missing: object;
  bucket_lock_conflict: object;
  /** File lock cannot be enabled later for a bucket that is a replication source. */
  bucket_replication_conflict: object;
  retain_until_in_past: object;
  /** Retention or legal hold forbids it, and the caller may not override. */
  locked: object;
  /** The operation depends on the clock, which may be wrong; it is refused until the operator confirms the clock. */
  clock_doubted: { readonly doubt: ClockDoubt };
  /** The present retention is stronger than its replacement, and must not be weakened. */
  lock_change_refused: object;
  /** The file's name and file info are too long for a file with a lock. */
  lock_metadata_too_large: { readonly limit: number };

  /** The store has no space left. */
  storage_full: object;
  /** The store failed or too many callers changed the same thing; the same request may be tried again. */
  storage_unavailable: object;
}

/** What went wrong. */
export type StorageErrorCode = keyof StorageErrorDetails;

/** The one error type of the storage core. `message` is safe to show to clients. */
export class StorageError<Code extends StorageErrorCode = StorageErrorCode> extends Error {
  override readonly name = 'StorageError';
  readonly code: Code;
  readonly details: StorageErrorDetails[Code];

  constructor(code: Code, message: string, details: StorageErrorDetails[Code], options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }

  /** Whether `error` is a storage error, of the given code if one is given; narrows the details. */
  static is<Wanted extends StorageErrorCode>(error: unknown, code?: Wanted): error is StorageError<Wanted> {
    return error instanceof StorageError && (code === undefined || error.code === code);
  }
}
