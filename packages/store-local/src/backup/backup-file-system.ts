import { constants } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import type { BlobFileSystem } from '@coffer/storage-ports';
import { nodeBlobFileSystem } from '../node-blob-file-system.ts';

/** The calls with which backups are taken and restored. */
export interface BackupFileSystem extends BlobFileSystem {
  /**
   * Makes a new file that shares the content of another on the disk, until one of them is changed (a reflink); EEXIST
   * where the name is taken, other errors where the file system cannot do it. Absent: the file system cannot do it.
   */
  clone?(existing: string, path: string): Promise<void>;
}

/** The file system of the operating system. */
export const nodeBackupFileSystem: BackupFileSystem = {
  ...nodeBlobFileSystem,
  clone: (existing, path) => copyFile(existing, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE),
};
