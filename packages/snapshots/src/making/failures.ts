import { StorageError } from '@coffer/storage-core';

/** Why a snapshot failed. */
export type SnapshotFailureCode =
  /** The bucket of the files was deleted. */
  | 'bucket_missing'
  /** Everything in the selection is encrypted or is not there any more. */
  | 'nothing_to_store'
  | 'too_many_files'
  | 'too_large'
  /** A file is not what was stored. */
  | 'file_damaged'
  /** Files were deleted while they were read, too often. */
  | 'files_changing'
  /** There can be no snapshot bucket. */
  | 'no_snapshot_bucket'
  /** The unfinished large file was cancelled by a lifecycle rule. */
  | 'upload_lost'
  | 'storage_full'
  | 'storage_unavailable'
  | 'internal';

/** A reason to give a snapshot up. The message is for the user. */
export class SnapshotFailure extends Error {
  override readonly name = 'SnapshotFailure';
  readonly code: SnapshotFailureCode;

  constructor(code: SnapshotFailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The snapshot was cancelled, or somebody else has ended it. */
export class SnapshotEnded extends Error {
  override readonly name = 'SnapshotEnded';
  readonly code = 'snapshot_ended';
}

/** What an error of the storage means for a snapshot. Anything unknown is for the operator only. */
export function failureOf(error: unknown): SnapshotFailure {
  if (error instanceof SnapshotFailure) return error;
  const options = { cause: error };
  const give = (code: SnapshotFailureCode, message: string) => new SnapshotFailure(code, message, options);
  if (!StorageError.is(error))
    return give('internal', 'Something unexpected went wrong. The log of the server has more.');
  switch (error.code) {
    case 'bucket_missing':
      return give('bucket_missing', 'The bucket was deleted.');
    case 'storage_full':
      return give('storage_full', 'The storage has no space left for the ZIP file.');
    case 'storage_unavailable':
      return give('storage_unavailable', 'The storage failed. Try again later.');
    case 'too_many_buckets':
    case 'bucket_name_taken':
      return give('no_snapshot_bucket', `The bucket of snapshots could not be made: ${error.message}`);
    case 'no_active_upload':
    case 'part_missing':
    case 'part_tag_mismatch':
      return give('upload_lost', 'The unfinished ZIP file is gone; a lifecycle rule may have cancelled it.');
    default:
      return give('internal', 'Something unexpected went wrong. The log of the server has more.');
  }
}
