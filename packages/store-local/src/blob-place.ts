import type { BlobFileSystem } from '@coffer/storage-ports';
import type { BlobFolders } from './blob-folders.ts';
import type { DirectoryFlushes } from './directory-flushes.ts';

/** How many readers, or writers, are at work now. */
export interface UseCount {
  count: number;
}

/** Where blobs are and how they are reached. */
export interface BlobPlace {
  readonly files: BlobFileSystem;
  readonly folders: BlobFolders;
  readonly flushes: DirectoryFlushes;
  readonly readers: UseCount;
  readonly writers: UseCount;
}
