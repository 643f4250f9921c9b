import type { ByteRange, ByteStream } from '@coffer/bytes';
import type { EncryptionRequest } from '@coffer/sse-schema';
import type { FileVersionRecord } from '@coffer/storage-ports';
import type { FileVersion, FurtherChecksum } from './file-service.ts';

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

/** Where the data of a part is in its file. */
export interface PartPlace {
  /** As it was uploaded: between the numbers of a file's parts others may be missing. */
  readonly partNumber: number;
  /** Of its first byte, in the file. */
  readonly start: number;
  /** Bytes. */
  readonly size: number;
  /** Null where there is none, and where the global key is gone. */
  readonly furtherChecksum: FurtherChecksum | null;
}

/** Parts of a file, ascending. */
export interface PartPlaces {
  /** Of all parts that the file has. */
  readonly count: number;
  readonly parts: readonly PartPlace[];
  /** Whether the file has parts after these. */
  readonly isTruncated: boolean;
}

/** One part, and how many there are in all. */
export interface PartAt extends Omit<PartPlace, 'partNumber'> {
  readonly count: number;
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
  /**
   * The entity tags (RFC 9110 section 8.8.3) of versions, without quotes. Of a file of one blob the MD5 of its content;
   * of a large file the MD5 of the tags of its parts, a hyphen and their number, as AWS's S3 makes them; for SSE-C, for
   * large files that were finished before there were entity tags, and where the global key is gone, digits of the same
   * form that tell nothing of the content. A version's tag stays the same as long as its global key is there.
   */
  entityTags(versions: readonly FileVersion[]): Promise<readonly string[]>;
  /**
   * The further checksum of a version; of an unfinished large file the one that it is to have. Null where the uploader
   * chose none, and where the global key is gone.
   */
  furtherChecksum(version: FileVersionRecord): Promise<FurtherChecksum | null>;
  /**
   * Where the parts of a finished large file are, those with numbers after `afterPartNumber`, at most `limit` of them;
   * without a query all. A file of one blob has no parts. Checks the record as {@link ReadService.check} does;
   * `file_missing` also for hide markers and unfinished files.
   */
  parts(version: FileVersionRecord, query?: { afterPartNumber?: number; limit: number }): Promise<PartPlaces>;
  /** Where the part with this number is; undefined if there is none. Errors as of {@link ReadService.parts}. */
  partAt(version: FileVersionRecord, partNumber: number): Promise<PartAt | undefined>;
}
