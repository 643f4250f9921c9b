/** A file or directory of the modelled disk, by number; 0 is the root directory. */
export type Inode = number;

export const rootInode: Inode = 0;

/**
 * What was done to the disk, in order. Directory changes and writes are lost or kept in a crash until a flush covers
 * them.
 */
export type DiskOperation =
  /** `inode` null: the name is removed. `isDirectory` says what kind of inode the name is for. */
  | {
      readonly kind: 'name';
      readonly directory: Inode;
      readonly name: string;
      readonly inode: Inode | null;
      readonly isDirectory: boolean;
    }
  | { readonly kind: 'write'; readonly inode: Inode; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'flush'; readonly inode: Inode }
  /**
   * A flush that failed: what it should have written is no longer written by a later flush (as Linux does), but may be
   * on disk.
   */
  | { readonly kind: 'failed-flush'; readonly inode: Inode };

/** An operation, or a mark of the test's own: that something was begun, or acknowledged. */
export type HistoryEntry<Mark> = DiskOperation | { readonly kind: 'mark'; readonly mark: Mark };
