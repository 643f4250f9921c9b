import type { BucketId, FileRetention, LegalHold } from '@coffer/b2-schema';
import type { FileEncryption } from '../encryption/file-encryption.ts';

/** What is said of a file when its upload begins; the same for small and large files. */
export interface StartFields {
  readonly bucketId: BucketId;
  readonly fileName: string;
  readonly contentType: string;
  /** Keys in lower case. */
  readonly fileInfo: Record<string, string>;
  readonly serverSideEncryption?: FileEncryption;
  readonly fileRetention?: FileRetention;
  readonly legalHold?: LegalHold;
  readonly customUploadTimestamp?: number;
}
