import type { EncryptionRequest } from '@coffer/sse-schema';
import type { FileVersion, FilePart, FurtherChecksum, NewFile, UploadBody, WriteCondition } from './file-service.ts';

/** A part as whoever finishes a large file has been told of it. */
export interface ListedPart {
  readonly partNumber: number;
  /** Without quotes. */
  readonly entityTag: string;
  /** Compared with that of the part, in the part's own algorithm. */
  readonly furtherChecksum?: Uint8Array;
}

/** What a large file is finished with, besides the list of its parts. */
export interface Completion {
  /** Absent: whatever version of the name is current. */
  readonly condition?: WriteCondition;
  /** Not needed; if it is given, it must be what the parts were given. */
  readonly encryption?: EncryptionRequest;
  /** Bytes that the parts have to have together, compared if given. */
  readonly size?: number;
  /** As {@link NewFile.isSnapshot}. */
  readonly isSnapshot?: true;
  /**
   * What the checksum of the whole has to be, compared if given. Of the kind that the file was started with; of a file
   * that was started with none, a CRC of the content that all parts have.
   */
  readonly furtherChecksum?: FurtherChecksum & { readonly value: Uint8Array };
}

/**
 * Large files: started, filled part by part, then finished or cancelled. Into the ZIP file of a snapshot, only the
 * service that makes snapshots puts parts, and only it finishes it; others are refused with `snapshot_unfinished`. They
 * may cancel it, which cancels the snapshot.
 */
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
  /**
   * `encryption`: the customer key of an SSE-C file, needed with each part; SSE-B2 is tolerated for SSE-B2 files.
   * `isSnapshot`: as {@link NewFile.isSnapshot}.
   */
  uploadPart(
    part: { fileId: string; partNumber: number; encryption?: EncryptionRequest; isSnapshot?: true },
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
  /**
   * Finishes the file with exactly the parts that are listed, in that order: from one to 10,000, by ascending numbers,
   * between which others may be missing. What was uploaded and is not listed is removed. Moves no data. Called again
   * with the same numbers and tags, it returns the version that is finished already and changes nothing.
   *
   * Refuses with `no_active_upload`, also where the file was finished with another list; `invalid` (`parts`) for a list
   * that is empty, too long or does not ascend; `sse_violation`; `part_missing`, `part_tag_mismatch`, `part_too_small`
   * (all but the last), `part_checksum_missing` (where the file was started with a checksum of parts),
   * `part_checksum_mismatch`, `size_mismatch`, `checksum_mismatch`, `invalid` (`furtherChecksum`) for a checksum of
   * another kind than the file has, and `condition_failed`.
   */
  complete(fileId: string, parts: readonly ListedPart[], options?: Completion): Promise<FileVersion>;
  /** `isSnapshot`: as {@link NewFile.isSnapshot}; the snapshot goes on. */
  cancel(fileId: string, options?: { readonly isSnapshot?: true }): Promise<FileVersion>;
  /** Oldest start first. */
  listUnfinished(query: { bucketId: string; namePrefix?: string; startFileId?: string; limit: number }): Promise<{
    readonly files: readonly FileVersion[];
    readonly nextFileId: string | null;
  }>;
}
