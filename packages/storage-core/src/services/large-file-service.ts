import type { EncryptionRequest } from '@coffer/sse-schema';
import type { FileVersion, FilePart, FurtherChecksum, NewFile, UploadBody, WriteCondition } from './file-service.ts';

/** Large files: started, filled part by part, then finished or cancelled. */
export interface LargeFileService {
  /**
   * `furtherChecksum`: one that all parts are to have, and the finished file as well: of its content, for which it has
   * to be a CRC, or of the checksums of its parts, for which it cannot be CRC64NVME.
   */
  start(
    file: NewFile,
    options?: { readonly furtherChecksum?: Pick<FurtherChecksum, 'algorithm' | 'of'> },
  ): Promise<FileVersion>;
  /** An unfinished large file; `no_active_upload` otherwise. */
  get(fileId: string): Promise<FileVersion>;
  /** `encryption`: the customer key of an SSE-C file, needed with each part; SSE-B2 is tolerated for SSE-B2 files. */
  uploadPart(
    part: { fileId: string; partNumber: number; encryption?: EncryptionRequest },
    content: UploadBody,
  ): Promise<FilePart>;
  /** Parts from `startPartNumber` (inclusive), ascending. */
  listParts(query: {
    fileId: string;
    startPartNumber?: number;
    limit: number;
  }): Promise<{ readonly parts: readonly FilePart[]; readonly nextPartNumber: number | null }>;
  /** `partSha1s[i]` is the SHA-1 of part `i + 1`. Moves no data. `condition`: absent for whatever is current. */
  finish(
    fileId: string,
    partSha1s: readonly string[],
    options?: { readonly condition?: WriteCondition },
  ): Promise<FileVersion>;
  cancel(fileId: string): Promise<FileVersion>;
  /** Oldest start first. */
  listUnfinished(query: { bucketId: string; namePrefix?: string; startFileId?: string; limit: number }): Promise<{
    readonly files: readonly FileVersion[];
    readonly nextFileId: string | null;
  }>;
}
