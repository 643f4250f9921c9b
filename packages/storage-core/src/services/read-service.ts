import type { ByteRange, ByteStream } from '@coffer/bytes';
import type { EncryptionRequest } from '@coffer/sse-schema';
import type { FileVersionRecord } from '@coffer/storage-ports';

/** A stored file whose record was checked and whose key is at hand. */
export interface OpenFile {
  readonly version: FileVersionRecord;
  /** Plaintext bytes; the range must lie within the file. May be called several times until {@link OpenFile.close}. */
  read(range: ByteRange, signal?: AbortSignal): ByteStream;
  /**
   * Forgets the file key once the streams that were begun have ended. A stream that was not begun before fails.
   * Idempotent.
   */
  close(): void;
}

/** Reading stored data. */
export interface ReadService {
  /**
   * Opens a stored file. In this order: `file_missing` for hide markers and unfinished files, `sse_violation` where a
   * customer key is missing or superfluous, `customer_key_wrong`, `integrity` if the record is not the one that was
   * sealed.
   */
  open(version: FileVersionRecord, encryption?: EncryptionRequest): Promise<OpenFile>;
  /**
   * Checks that the record of a version of any action, with its parts, is the one that was sealed; looks at no blob and
   * needs no customer key. `integrity` if it is not, `file_missing` if the version was deleted meanwhile.
   */
  check(version: FileVersionRecord): Promise<void>;
}
