import type { EncryptionRequest } from '@coffer/sse-schema';
import type { ChecksumAlgorithm } from '@coffer/storage-ports';
import type { FileVersion, FilePart, LockSettings, WriteCondition } from './file-service.ts';

/** A stored file, or a range of it, to copy from. */
export interface CopySource {
  readonly fileId: string;
  /** Inclusive start, as requested; the end is clipped to the source. Absent: all of it. */
  readonly range?: { readonly start: number; readonly end: number };
  readonly encryption?: EncryptionRequest;
}

/** A file to be made of another's data. */
export interface FileCopy {
  readonly source: CopySource;
  /** Default: the source's bucket. */
  readonly bucketId?: string;
  readonly name: string;
  /** Absent: the source's content type and file info. */
  readonly metadata?: { readonly contentType: string; readonly fileInfo: Readonly<Record<string, string>> };
  readonly encryption?: EncryptionRequest;
  readonly lock?: LockSettings;
  /**
   * A further checksum of the copy's content, computed while it is copied. Absent: in the algorithm of the source's, if
   * that has one.
   */
  readonly furtherChecksum?: ChecksumAlgorithm;
  /** Of the new version's name. */
  readonly condition?: WriteCondition;
  readonly signal?: AbortSignal;
}

/** A part of a large file to be made of a file's data. */
export interface PartCopy {
  readonly source: CopySource;
  /** The unfinished large file. */
  readonly fileId: string;
  readonly partNumber: number;
  readonly encryption?: EncryptionRequest;
  readonly signal?: AbortSignal;
}

/** Copies within the server. Data is encrypted again, under a key of the copy's own. */
export interface CopyService {
  /** A new version with a file key of its own. */
  copyFile(copy: FileCopy): Promise<FileVersion>;
  copyPart(copy: PartCopy): Promise<FilePart>;
}
