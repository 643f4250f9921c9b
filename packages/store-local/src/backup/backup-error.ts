/**
 * Why a backup was not taken, or not restored.
 *
 * - `no_backup`: the place has no backup, or only one that was interrupted before it was complete.
 * - `damaged`: a file of the backup, or its manifest, is not what it was when the backup was taken.
 * - `other_store`: two things that have to belong to the same store belong to different ones.
 * - `not_empty`: the place to restore to is not empty.
 * - `blobs_gone`: blobs were removed that the copy of the metadata names, because the server no longer knew of the
 *   backup.
 */
export type BackupErrorCode = 'no_backup' | 'damaged' | 'other_store' | 'not_empty' | 'blobs_gone';

/** An expected failure of a backup or a restore. A failure of the medium is a `StoreError`. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
  readonly code: BackupErrorCode;

  constructor(code: BackupErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
