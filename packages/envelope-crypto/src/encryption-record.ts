/** How a file version is encrypted: not at all, by a global key, or by a customer's key. */
export type EncryptionMode = 'none' | 'SSE-B2' | 'SSE-C';

/** What a file version is: a stored file, an unfinished large file or a hide marker. */
export type RecordedAction = 'upload' | 'start' | 'hide';

/** Algorithms of checksums that uploaders may choose beside SHA-1 and MD5, as AWS's S3 API reference names them. */
export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';

/** A checksum beside SHA-1 and MD5, which the uploader chose, in the form in which it is stored. */
export interface RecordedFurtherChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Of the content as a whole, or of the checksums of its parts one after the other. */
  readonly of: 'content' | 'parts';
  /** As long as the algorithm makes it; null of an unfinished large file, which has it once it is finished. */
  readonly value: Uint8Array | null;
}

/**
 * Checksums of a plaintext in the form in which they are stored: masked where the data is encrypted (docs/format.md).
 */
export interface RecordedChecksums {
  /** 20 bytes; null where there is none. */
  readonly sha1: Uint8Array | null;
  /** Whether the SHA-1 was compared with the data; false where there is none. */
  readonly sha1Verified: boolean;
  /** 16 bytes; null where there is none. */
  readonly md5: Uint8Array | null;
  /** Absent: the uploader chose none. */
  readonly further?: RecordedFurtherChecksum;
}

/** One blob of a file version. */
export interface SealedPart {
  /** The part of a large file, from 1; 0 for a regular file's only blob. */
  readonly partNumber: number;
  /** The blob's id in the blob store, visible ASCII. */
  readonly blobId: string;
  /** Plaintext bytes. */
  readonly size: number;
  /** What only this blob has: its commitment, 32 bytes; in mode `none` the SHA-1 of its content, 20 bytes. */
  readonly blobCheck: Uint8Array;
  readonly checksums: RecordedChecksums;
}

/** Until when a version cannot be deleted. */
export interface RecordedRetention {
  readonly mode: 'governance' | 'compliance';
  /** Milliseconds since the epoch. */
  readonly retainUntil: number;
}

/** All of a file version that decides what its readers get, and whether it may be deleted. */
export interface EncryptionRecord {
  readonly mode: EncryptionMode;
  /** The global key that the record's seal is made with, in every mode; in mode SSE-B2 it also wraps the file key. */
  readonly globalKeyId: string;
  readonly bucketId: string;
  readonly fileId: string;
  readonly fileName: string;
  readonly action: RecordedAction;
  /** Plaintext bytes of all parts together. */
  readonly size: number;
  /** The wrapped file key, 72 bytes; null in mode `none`. */
  readonly wrappedKey: Uint8Array | null;
  /** The customer key's verifier, 48 bytes, in mode SSE-C; else null. */
  readonly verifier: Uint8Array | null;
  readonly contentType: string;
  readonly fileInfo: Readonly<Record<string, string>>;
  /** Of a regular file: those of its only part. Of a large file the further one alone, of any other none. */
  readonly checksums: RecordedChecksums;
  /**
   * Of a finished large file: the MD5 of the entity tags of its parts, 16 bytes, in the form in which it is stored.
   * Absent of others, and of large files that were finished before there were any.
   */
  readonly entityTag?: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly uploadTimestamp: number;
  /** When the version became what it is, in milliseconds since the epoch. */
  readonly committedAt: number;
  readonly retention: RecordedRetention | null;
  readonly legalHold: 'on' | 'off' | null;
  /** The blobs in the order of their bytes: either one with part number 0, or ascending part numbers from 1 on. */
  readonly parts: readonly SealedPart[];
}
