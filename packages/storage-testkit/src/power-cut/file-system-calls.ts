/** An open file of {@link FileSystemCalls}. */
export interface OpenFileCalls {
  read(target: Uint8Array, position: number): Promise<number>;
  write(bytes: Uint8Array): Promise<number>;
  datasync(): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

/** The system calls of a store that keeps files, as tests stand in for them: a disk that loses power, or calls that fail. */
export interface FileSystemCalls {
  create(path: string): Promise<OpenFileCalls>;
  open(path: string): Promise<OpenFileCalls>;
  link(existing: string, path: string): Promise<void>;
  unlink(path: string): Promise<void>;
  mkdir(path: string): Promise<void>;
  rmdir(path: string): Promise<void>;
  syncDirectory(path: string): Promise<void>;
  readdir(path: string): Promise<readonly string[]>;
  size(path: string): Promise<number>;
}

/** The name of a call; an open file's size is asked as `size`, too. */
export type FileCall = keyof FileSystemCalls | keyof OpenFileCalls;
