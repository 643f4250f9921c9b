/** An open file of a {@link BlobFileSystem}. */
export interface BlobFile {
  /**
   * Reads into `target`, from `position` in the file. Returns how many bytes were read: maybe fewer than fit, and 0 at
   * the end.
   */
  read(target: Uint8Array, position: number): Promise<number>;
  /** Appends to what was written before; returns how many of the bytes were written. */
  write(bytes: Uint8Array): Promise<number>;
  /** Resolves when everything written would survive a power cut (`fdatasync`). */
  datasync(): Promise<void>;
  /** Bytes. */
  size(): Promise<number>;
  close(): Promise<void>;
}

/**
 * The calls with which blobs are kept as files. Each is one call of the operating system, so that a test can replace
 * it: to lose what was not flushed, or to let any of the calls fail. Failures are errors with the system's name in
 * `code`, as Node's are.
 */
export interface BlobFileSystem {
  /** A new file, mode 0600; EEXIST where the name is taken. */
  create(path: string): Promise<BlobFile>;
  /** Opens for reading; the open file outlives the removal of its name. */
  open(path: string): Promise<BlobFile>;
  /** Gives a file a second name; EEXIST where that is taken. */
  link(existing: string, path: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** A new directory, mode 0700; EEXIST where the name is taken. */
  mkdir(path: string): Promise<void>;
  /** Removes an empty directory. */
  rmdir(path: string): Promise<void>;
  /** Resolves when the names in the directory are on disk as they are (`fsync` of the directory). */
  syncDirectory(path: string): Promise<void>;
  /** Names in the directory, in any order. */
  readdir(path: string): Promise<readonly string[]>;
  /** Bytes of a file; of a directory any number. */
  size(path: string): Promise<number>;
}

/** The name of a call; asking for the size of an open file is also called `size`. */
export type FileCall = keyof BlobFileSystem | keyof BlobFile;
