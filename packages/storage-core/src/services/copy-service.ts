import type { EncryptionRequest } from '@coffer/sse-schema';
import type { FileVersion, FilePart, LockSettings } from './file-service.ts';

/** A stored file, or a range of it, to copy from. */
export interface CopySource {
  readonly fileId: string;
  /** Inclusive start, as requested; the end is clipped to the source. Absent: all of it. */
  readonly range?: { readonly start: number; readonly end: number };
  readonly encryption?: EncryptionRequest;
}

/** Copies within the server. Data is encrypted again, under a key of the copy's own. */
export interface CopyService {
  /** A new version with a file key of its own. `metadata` absent: the source's content type and file info. */
  copyFile(copy: {
    readonly source: CopySource;
    /** Default: the source's bucket. */
    readonly bucketId?: string;
    readonly name: string;
    readonly metadata?: { readonly contentType: string; readonly fileInfo: Readonly<Record<string, string>> };
    readonly encryption?: EncryptionRequest;
    readonly lock?: LockSettings;
    readonly signal?: AbortSignal;
  }): Promise<FileVersion>;
  copyPart(copy: {
    readonly source: CopySource;
    readonly fileId: string;
    readonly partNumber: number;
    readonly encryption?: EncryptionRequest;
    readonly signal?: AbortSignal;
  }): Promise<FilePart>;
}
