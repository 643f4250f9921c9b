import type { RetentionMode } from './bucket-record.ts';

/** `upload`: a stored file. `start`: an unfinished large file. `hide`: a hide marker. */
export type FileAction = 'upload' | 'start' | 'hide';

/** How a file version's data is encrypted, and the seal over its encryption record (docs/format.md). */
export interface StoredEncryption {
  readonly mode: 'none' | 'SSE-B2' | 'SSE-C';
  /** The global key that wraps the file key (SSE-B2) and seals the record (every mode). */
  readonly globalKeyId: string;
  /** The wrapped file key; null when the file is not encrypted. */
  readonly wrappedKey: Uint8Array | null;
  /** The salted validator of the customer's key; null unless SSE-C. */
  readonly verifier: Uint8Array | null;
  /**
   * HMAC over the encryption record, with its blobs for a stored file and none for an unfinished large file or a hide
   * marker.
   */
  readonly seal: Uint8Array;
}

/** A SHA-1 and whether the server compared it with the data. */
export interface StoredSha1 {
  /** 40 lower-case hexadecimal digits. */
  readonly sha1: string;
  readonly verified: boolean;
}

/** Algorithms of checksums that uploaders may choose beside SHA-1 and MD5. */
export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';

/** A checksum that the uploader chose, as it is kept: masked as the others are. */
export interface StoredFurtherChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Of the content as a whole, or of the checksums of its parts one after the other. */
  readonly of: 'content' | 'parts';
  /** Null of an unfinished large file, which has it once it is finished. */
  readonly value: Uint8Array | null;
}

/**
 * Checksums of a plaintext as they are kept: masked where the file is encrypted, so that they tell whoever has the disk
 * nothing of the content (docs/format.md). They have to be unmasked before they are digests.
 */
export interface StoredChecksums {
  /** 20 bytes; null where there is none. */
  readonly sha1: Uint8Array | null;
  /** Whether the server compared the SHA-1 with the data. */
  readonly sha1Verified: boolean;
  /** 16 bytes; null where there is none. */
  readonly md5: Uint8Array | null;
  /** Absent: the uploader chose none. */
  readonly further?: StoredFurtherChecksum;
}

/** Until when a version cannot be deleted. */
export interface FileRetention {
  readonly mode: RetentionMode;
  /** Milliseconds since the epoch. */
  readonly retainUntil: number;
}

/** One version of a file name: a stored file, an unfinished large file or a hide marker. */
export interface FileVersionRecord {
  readonly fileId: string;
  readonly accountId: string;
  readonly bucketId: string;
  readonly name: string;
  readonly action: FileAction;
  /**
   * Milliseconds since the epoch; strictly increasing over the versions of one name. A finished large file keeps the
   * time of its start.
   */
  readonly uploadTimestamp: number;
  /** Plaintext bytes; 0 for hide markers and unfinished large files. */
  readonly size: number;
  readonly contentType: string;
  /**
   * The checksums of a regular file. Of a large file, whose parts have their own, only the further one; a hide marker
   * has none.
   */
  readonly checksums: StoredChecksums;
  /**
   * Of a finished large file: the MD5 of the entity tags of its parts, 16 bytes, masked as checksums are. Absent of
   * others, and of large files that were finished before there were entity tags.
   */
  readonly entityTag?: Uint8Array;
  readonly fileInfo: Readonly<Record<string, string>>;
  /** A hide marker, which has no data, has mode `none` and a seal. */
  readonly encryption: StoredEncryption;
  /** The blob of a regular file; null for large files (their parts have one each) and hide markers. */
  readonly blobId: string | null;
  /**
   * Identifies the blob, so that no other can take its place: its commitment (32 bytes), or the SHA-1 of its content
   * (20 bytes) where it is not encrypted.
   */
  readonly blobCheck: Uint8Array | null;
  /** Number of parts of a finished large file; null for every other. */
  readonly partCount: number | null;
  readonly retention: FileRetention | null;
  readonly legalHold: 'on' | 'off' | null;
  /** When the version became what it is: upload's or finish's end, in ms since the epoch. */
  readonly committedAt: number;
}

/** One part of a large file, before and after it is finished. */
export interface PartRecord {
  readonly fileId: string;
  /** 1 … 10,000. */
  readonly partNumber: number;
  readonly blobId: string;
  /** Identifies the blob: see {@link FileVersionRecord.blobCheck}. */
  readonly blobCheck: Uint8Array;
  /** Plaintext bytes. */
  readonly size: number;
  readonly checksums: StoredChecksums;
  readonly uploadTimestamp: number;
  /** HMAC over the encryption record of the unfinished large file with this part, so that finishing takes no other. */
  readonly seal: Uint8Array;
}
