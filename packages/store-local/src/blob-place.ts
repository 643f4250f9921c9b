import type { BlobFileSystem } from '@coffer/storage-ports';
import type { BlobFolders } from './blob-folders.ts';
import type { DirectoryFlushes } from './directory-flushes.ts';

/** Where blobs are and how they are reached. */
export interface BlobPlace {
  readonly files: BlobFileSystem;
  readonly folders: BlobFolders;
  readonly flushes: DirectoryFlushes;
}
