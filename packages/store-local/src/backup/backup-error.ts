/**
 * Why a backup was not taken, or not restored.
 *
 * - `no_backup`: there is none where one was to be, or one that was interrupted before it was complete.
 * - `damaged`: a file of the backup, or its manifest, is not what it was when the backup was taken.
 * - `other_store`: two things that have to be of one store are of two.
 * - `not_empty`: the place to restore to holds something.
 * - `blobs_gone`: blobs were removed that the copy of the metadata names: the server did not know any more of the
 *   backup.
 */
export type BackupErrorCode = 'no_backup' | 'damaged' | 'other_store' | 'not_empty' | 'blobs_gone';

/** An expected failure of a backup or a restore. What the medium refuses is a `StoreError`. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
  readonly code: BackupErrorCode;

  constructor(code: BackupErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
