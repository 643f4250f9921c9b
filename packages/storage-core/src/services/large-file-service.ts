import type { EncryptionRequest } from '@coffer/sse-schema';
import type { FileVersionRecord, PartRecord } from '@coffer/storage-ports';
import type { NewFile, UploadBody } from './file-service.ts';

/** Large files: started, filled part by part, then finished or cancelled. */
export interface LargeFileService {
  start(file: NewFile): Promise<FileVersionRecord>;
  /** An unfinished large file; `no_active_upload` otherwise. */
  get(fileId: string): Promise<FileVersionRecord>;
  /** `encryption`: the customer key of an SSE-C file, needed with each part; SSE-B2 is tolerated for SSE-B2 files. */
  uploadPart(
    part: { fileId: string; partNumber: number; encryption?: EncryptionRequest },
    content: UploadBody,
  ): Promise<PartRecord>;
  /** Parts from `startPartNumber` (inclusive), ascending. */
  listParts(query: {
    fileId: string;
    startPartNumber?: number;
    limit: number;
  }): Promise<{ readonly parts: readonly PartRecord[]; readonly nextPartNumber: number | null }>;
  /** `partSha1s[i]` is the SHA-1 of part `i + 1`. Moves no data. */
  finish(fileId: string, partSha1s: readonly string[]): Promise<FileVersionRecord>;
  cancel(fileId: string): Promise<FileVersionRecord>;
  /** Oldest start first. */
  listUnfinished(query: { bucketId: string; namePrefix?: string; startFileId?: string; limit: number }): Promise<{
    readonly files: readonly FileVersionRecord[];
    readonly nextFileId: string | null;
  }>;
}
