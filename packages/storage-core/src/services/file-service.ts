import type { SizedStream, UnsizedStream } from '@coffer/bytes';
import type { EncryptionRequest } from '@coffer/sse-schema';
import type {
  ChecksumAlgorithm,
  FileRetention,
  FileVersionRecord,
  PartRecord,
  StoredSha1,
} from '@coffer/storage-ports';

/** What the uploader says of the SHA-1 of the data. */
export type ContentSha1 =
  | { readonly kind: 'given'; readonly sha1: string }
  /** The body ends with 40 hexadecimal digits, which are not data. */
  | { readonly kind: 'atEnd' }
  /** Nothing; what the storage computes counts as verified. */
  | { readonly kind: 'computed' }
  /** Not compared; kept as given or computed. */
  | { readonly kind: 'unverified'; readonly sha1?: string };

/** A checksum that an uploader chose beside SHA-1 and MD5. */
export interface FurtherChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Of the content as a whole, or of the checksums of its parts one after the other. */
  readonly of: 'content' | 'parts';
  /** Big-endian; null of an unfinished large file, which has it once it is finished. */
  readonly value: Uint8Array | null;
}

/** A further checksum of data that is uploaded. */
export interface FurtherClaim {
  readonly algorithm: ChecksumAlgorithm;
  /**
   * What the uploader says that it is; asked for once the data has ended, since it may follow the data. Absent, or
   * undefined by then: it is computed and kept, and compared with nothing.
   */
  readonly expected?: () => Uint8Array | undefined;
}

/** A version with its digests, which are not stored as they are: what callers get. */
export interface FileVersion extends FileVersionRecord {
  /**
   * SHA-1 of the plaintext of a regular file; null for large files and hide markers, and where the global key is gone.
   */
  readonly contentSha1: StoredSha1 | null;
  /** Of the plaintext, in lower-case hexadecimal; null where {@link FileVersion.contentSha1} is. */
  readonly contentMd5: string | null;
}

/** A part with its digests: what callers get. */
export interface FilePart extends PartRecord {
  readonly contentSha1: StoredSha1;
  /** Of the plaintext, in lower-case hexadecimal. */
  readonly contentMd5: string | null;
  /**
   * Differs from that of every other content: the MD5 of the content; of an SSE-C file, and where the global key is
   * gone, 32 hexadecimal digits that tell nothing of it.
   */
  readonly entityTag: string;
  /** Null where the uploader of the file and of the part chose none, and where the global key is gone. */
  readonly furtherChecksum: FurtherChecksum | null;
}

/** What a new version asks to be locked with; the bucket must be lock-enabled. */
export interface LockSettings {
  /**
   * Absent: the bucket's default retention applies. Null: none, even if the bucket has a default. At most 3,000 days.
   */
  readonly retention?: FileRetention | null;
  readonly legalHold?: 'on' | 'off';
}

/**
 * What has to be so of the name when a version of it becomes visible, or a hide marker takes effect: that it has no
 * current version or is hidden (`absent`), that it has a current version that is no hide marker (`present`), or that
 * this one has the entity tag (`tagged`). Of writers that ask for `absent` or the same tag at once, one succeeds.
 */
export type WriteCondition =
  | { readonly current: 'absent' }
  | { readonly current: 'present' }
  | { readonly current: 'tagged'; readonly entityTag: string };

/** How a name is hidden. */
export interface HideOptions {
  /** Makes a hide marker also of a name that never was or is hidden already. Default: false. */
  readonly evenIfAbsent?: boolean;
  /** Absent: whatever is there. */
  readonly condition?: WriteCondition;
}

/** A version to delete. */
export interface VersionDeletion {
  readonly name: string;
  readonly fileId: string;
  readonly bypassGovernance: boolean;
  /** The version has to have this entity tag (see `ReadService.entityTags`). Absent: whatever it has. */
  readonly entityTag?: string;
}

/** All of a new version but its data. */
export interface NewFile extends LockSettings {
  readonly bucketId: string;
  readonly name: string;
  readonly contentType: string;
  readonly fileInfo: Readonly<Record<string, string>>;
  /** Absent: none was asked for, the bucket's default applies. */
  readonly encryption?: EncryptionRequest;
  /**
   * The ZIP file of a snapshot, in the bucket of snapshots: not encrypted, whatever the default is, since it has only
   * files in it that are not. For the service that makes snapshots; no protocol hands this on from a client.
   */
  readonly isSnapshot?: true;
  /** Milliseconds since the epoch. */
  readonly customTimestamp?: number;
  /**
   * Absent: whatever is there. Looked at before the data is read, and again when the version is committed. Not of a
   * large file's start: its finish has one of its own.
   */
  readonly condition?: WriteCondition;
}

/** The data of an upload and what the uploader says of it. */
export interface UploadBody {
  /**
   * The body as sent; with SHA-1 `atEnd` the last 40 bytes are not data, and its length must be known. Of a body whose
   * length is not known, at most as much is held in memory as is kept in the metadata store.
   */
  readonly body: SizedStream | UnsizedStream;
  readonly sha1: ContentSha1;
  /** 16 bytes, compared if given. */
  readonly md5?: Uint8Array;
  /** Absent: none beside these. */
  readonly further?: FurtherClaim;
  readonly signal?: AbortSignal;
}

/** File versions that are not large files in the making. */
export interface FileService {
  /**
   * Stores a new version; resolves once it would survive a power cut. What can be refused without the body (missing
   * bucket, metadata too large, encryption, lock and timestamp rules) is refused before a byte of it is read. On any
   * failure nothing is visible and nothing is left behind.
   */
  upload(file: NewFile, content: UploadBody): Promise<FileVersion>;
  /**
   * Puts a hide marker on top of a name's versions and resolves with it. `name_missing` or `already_hidden` where the
   * name is not visible, and with `evenIfAbsent` never: then only `invalid` for what cannot be a name.
   * `condition_failed` if the condition does not hold.
   */
  hide(bucketId: string, name: string, options?: HideOptions): Promise<FileVersion>;
  /**
   * Also hide markers and unfinished large files. `file_not_present` unless id and name belong together;
   * `condition_failed` if the version has another entity tag than asked for.
   */
  deleteVersion(version: VersionDeletion): Promise<FileVersion>;
  /** Any version by id, of any action; `file_missing` if there is none. */
  get(fileId: string): Promise<FileVersion>;
  /** The current version of a name; `file_missing` if there is none or it is hidden. */
  getByName(bucketId: string, name: string): Promise<FileVersion>;
}
