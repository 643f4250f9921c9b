import type { RecordProof } from './account-record.ts';

/** `waiting` and `running` snapshots are worked on; the others have ended. */
export type SnapshotState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

/** How many files, and how many bytes they have together. */
export interface FileTally {
  readonly files: number;
  readonly bytes: number;
}

/** Files that are not in the snapshot's ZIP file. */
export interface LeftOutFiles extends FileTally {
  /** The first few names. */
  readonly names: readonly string[];
}

/** A snapshot: a ZIP file of files of one bucket that the server makes in the background. */
export interface SnapshotRecord {
  /** 32 hexadecimal digits that ascend with the time of creation. */
  readonly snapshotId: string;
  readonly accountId: string;
  /** The bucket that the files are in, and its name when the snapshot was asked for. */
  readonly bucketId: string;
  readonly bucketName: string;
  /** The name of the ZIP file in the account's snapshot bucket. */
  readonly fileName: string;
  /** What the client calls its request, if it wants to repeat it; absent: nothing. */
  readonly request?: SnapshotRequest;
  /** What was asked for: how many single files, how many folders. */
  readonly selected: { readonly files: number; readonly folders: number };
  readonly state: SnapshotState;
  /** Milliseconds since the epoch; null: not yet. */
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /**
   * How far the selection has been turned into a list of versions. `rows`: rows of the list, not counting the selection
   * itself. `next`: where to go on, null when the list is complete.
   */
  readonly listing: { readonly rows: number; readonly next: SnapshotCursor | null };
  /** The files that are to be stored, as far as they are listed. */
  readonly total: FileTally;
  /** The files that were stored. */
  readonly done: FileTally;
  /** Encrypted files of the selection. */
  readonly encrypted: LeftOutFiles;
  /** Files that were selected by themselves, and were not there, or not current, when the list was made. */
  readonly absent: LeftOutFiles;
  /** Files that were listed and deleted before they were read. */
  readonly deleted: LeftOutFiles;
  /** Files that have another name in the ZIP file than in their bucket, of which the first few are named. */
  readonly renamed: {
    readonly files: number;
    readonly names: readonly { readonly name: string; readonly storedAs: string }[];
  };
  /** The large file that the ZIP file is written into; null before it is started. */
  readonly upload: SnapshotUpload | null;
  /** Bytes of the ZIP file; null unless done. */
  readonly size: number | null;
  /** Why it failed, as a code and a sentence for the user; null unless failed. */
  readonly failure: { readonly code: string; readonly message: string } | null;
  /** Absent: not stored yet. */
  readonly proof?: RecordProof;
}

/** A request for a snapshot, by which a repetition is recognised. */
export interface SnapshotRequest {
  /** Chosen by the client. */
  readonly id: string;
  /** SHA-256 of what was asked for, 64 hexadecimal digits. */
  readonly digest: string;
}

/** A place in a selection: the number of its item, and the name within the item behind which to go on. */
export interface SnapshotCursor {
  readonly item: number;
  /** Null: from the item's beginning. */
  readonly after: string | null;
}

/** The unfinished large file of a snapshot. */
export interface SnapshotUpload {
  /** The snapshot bucket. */
  readonly bucketId: string;
  readonly fileId: string;
  /** Bytes of each part but the last. */
  readonly partSize: number;
  /** Whether all parts are there and the file is being finished, so that it is too late to cancel. */
  readonly isFinishing: boolean;
}

/** One thing to be stored: a file by its name, or all files whose names begin with `prefix`. */
export type SnapshotItem =
  | {
      readonly kind: 'file';
      readonly name: string;
      /** The version that has to be the current one; null: whichever is. */
      readonly fileId: string | null;
    }
  | { readonly kind: 'folder'; readonly prefix: string };

/** A file version that is to be stored. */
export interface SnapshotFile {
  readonly fileId: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * A row of what a snapshot is made of, which is removed when it has ended: the selection (number 0), or some of the
 * versions that were found (from number 1 on, in the order in which they are stored).
 */
export type SnapshotContent =
  | { readonly kind: 'selection'; readonly items: readonly SnapshotItem[] }
  | { readonly kind: 'files'; readonly files: readonly SnapshotFile[] };
