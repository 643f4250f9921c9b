import type { ByteRange, ByteStream, SecretString, SizedStream } from '@coffer/bytes';
import type { KeyProvider } from '@coffer/envelope-crypto';
import type { EncryptionRequest } from '@coffer/sse-schema';
import type {
  ApplicationKeyRecord,
  BlobStore,
  BucketDefaultEncryption,
  BucketRecord,
  BucketType,
  Clock,
  CorsRule,
  DefaultRetention,
  FileRetention,
  FileVersionRecord,
  LifecycleRule,
  MetadataStore,
  PartRecord,
  RandomSource,
  ReplicationConfiguration,
} from '@coffer/storage-ports';
import type { NotificationOutbox, NotificationService } from './notifications.ts';
import type { LifecycleService } from './lifecycle.ts';
import type { TokenService } from './token-service.ts';

/** What the core works over. */
export interface StorageDependencies {
  readonly metadata: MetadataStore;
  readonly blobs: BlobStore;
  readonly keys: KeyProvider;
  readonly clock: Clock;
  readonly random: RandomSource;
  /**
   * Bytes of a file's name and info together, as the protocol measures them for {@link StorageOptions.metadataLimit}. Default: as
   * header names and percent-encoded values.
   */
  readonly metadataSize?: (name: string, fileInfo: Readonly<Record<string, string>>) => number;
}

/** How the storage behaves where the operator may choose. */
export interface StorageOptions {
  /** The newer public behaviour: every new file is SSE-B2 unless it asks for SSE-C. Default: false. */
  readonly encryptByDefault: boolean;
  /** Bytes; a part that is not the last may not be smaller when a large file is finished. Default: 5,000,000. */
  readonly minimumPartSize: number;
  /** Files and parts of at most so many bytes live in the metadata store and cost one commit. Default: 65,536. */
  readonly inlineThreshold: number;
  /** Buckets per account. Default: 100. */
  readonly maximumBuckets: number;
  /** Whether uploads may set their own upload timestamp. Default: false. */
  readonly customTimestamps: boolean;
  /** Ignore a customer key given for a file that is not SSE-C, instead of refusing. Default: false. */
  readonly ignoreUnneededCustomerKey: boolean;
  /**
   * How long, after the stores ran out of space or refused commits, operations that add something are refused without asking them
   * again. Default: 5,000.
   */
  readonly writeRetryMilliseconds: number;
  /** Bytes of file name and file info together: plain files, and files with encryption or in lock-enabled buckets. Default: 7,000 and 2,048. */
  readonly metadataLimit: { readonly plain: number; readonly restricted: number };
}

/** The storage server without a protocol. All methods throw {@link StorageError}; all may be called concurrently. */
export interface Storage {
  readonly options: StorageOptions;
  readonly accounts: AccountService;
  readonly applicationKeys: ApplicationKeyService;
  readonly tokens: TokenService;
  readonly buckets: BucketService;
  readonly files: FileService;
  readonly largeFiles: LargeFileService;
  readonly locks: LockService;
  readonly copies: CopyService;
  readonly listings: ListingService;
  readonly reads: ReadService;
  readonly notifications: NotificationService;
  readonly outbox: NotificationOutbox;
  readonly lifecycle: LifecycleService;
  readonly recovery: RecoveryService;
  /** Whether the stores take what is to be kept, as far as their last answers tell. Asks nobody. */
  health(): StorageHealth;
}

/** Whether the storage takes changes, and if not, why and since when (milliseconds since the epoch). */
export interface StorageHealth {
  /**
   * - `ok`.
   * - `read-only`: there is no space. Reads go on, deletes are tried, everything else is refused as `storage_full`; that ends by
   *   itself once there is space again.
   * - `failed`: the metadata store does not know the outcome of a commit and takes no more. Reads go on, every change is refused
   *   as `storage_unavailable`, for most stores until they are opened again.
   */
  readonly state: 'ok' | 'read-only' | 'failed';
  /** For the operator; null if `ok`. */
  readonly reason: string | null;
  /** When the state began, in milliseconds since the epoch; null if `ok`. */
  readonly since: number | null;
}

/** The account and its master key. */
export interface AccountService {
  /**
   * The account this store was made for with its master key, made on the first call ever; `secret` is given only then.
   * With `masterKey` given, the master key's secret is that one (and is replaced when it differs).
   */
  bootstrap(options?: { readonly masterKey?: SecretString }): Promise<{
    readonly accountId: string;
    readonly masterKey: ApplicationKeyRecord;
    readonly secret: SecretString | null;
  }>;
  /** The master key's secret, for showing it to the operator again. */
  revealMasterKey(accountId: string): Promise<SecretString>;
}

/** What a new application key is to be allowed. */
export interface NewApplicationKey {
  readonly accountId: string;
  readonly keyName: string;
  readonly capabilities: readonly string[];
  readonly bucketIds: readonly string[] | null;
  readonly namePrefix: string | null;
  /** Seconds; null for a key that does not expire. */
  readonly validDurationInSeconds: number | null;
}

/** Application keys: who may do what. */
export interface ApplicationKeyService {
  /** `bucket_missing` if a bucket of the restriction does not exist. The secret is shown this once. */
  create(key: NewApplicationKey): Promise<{ readonly key: ApplicationKeyRecord; readonly secret: SecretString }>;
  /** Keys in id order from `startId` (inclusive); neither the master key nor expired keys. */
  list(query: { accountId: string; startId?: string; limit: number; maximumBucketIds?: number }): Promise<{
    readonly keys: readonly ApplicationKeyRecord[];
    readonly nextId: string | null;
  }>;
  get(accountId: string, applicationKeyId: string): Promise<ApplicationKeyRecord>;
  /** Ends the key and every token made with it. */
  delete(accountId: string, applicationKeyId: string): Promise<ApplicationKeyRecord>;
  /** The key whose id and secret these are (the account id names the master key), else `bad_credentials`. Compares in constant time. */
  authenticate(applicationKeyId: string, secret: SecretString): Promise<ApplicationKeyRecord>;
}

/** Settings of a bucket that a create or an update carries; absent leaves as it is (or the default, on create). */
export interface BucketSettings {
  readonly type?: BucketType;
  readonly info?: Readonly<Record<string, string>>;
  readonly corsRules?: readonly CorsRule[];
  readonly lifecycleRules?: readonly LifecycleRule[];
  /** As asked for; `none` becomes SSE-B2 where the server encrypts by default. */
  readonly defaultEncryption?: BucketDefaultEncryption;
  readonly fileLockEnabled?: boolean;
  /** null clears. */
  readonly defaultRetention?: DefaultRetention | null;
  readonly replication?: ReplicationConfiguration | null;
}

/** Buckets and their settings. */
export interface BucketService {
  create(bucket: {
    readonly accountId: string;
    readonly name: string;
    readonly type: BucketType;
    readonly settings: BucketSettings;
  }): Promise<BucketRecord>;
  /** All or nothing. `bucket_revision_mismatch` if `ifRevisionIs` is given and not the current one. */
  update(
    bucketId: string,
    settings: BucketSettings,
    options?: { readonly ifRevisionIs?: number },
  ): Promise<BucketRecord>;
  /** The deleted bucket, its revision one up. `bucket_not_empty` while any version, hide marker or unfinished file is left. */
  delete(bucketId: string): Promise<BucketRecord>;
  /** Sorted by name. Filters that match nothing give nothing. */
  list(query: { accountId: string; bucketId?: string; name?: string }): Promise<readonly BucketRecord[]>;
  get(bucketId: string): Promise<BucketRecord>;
  /** Names are compared without regard to case. */
  getByName(name: string): Promise<BucketRecord>;
}

/** What the uploader says of the SHA-1 of the data. */
export type ContentSha1 =
  | { readonly kind: 'given'; readonly sha1: string }
  /** The body ends with 40 hexadecimal digits, which are not data. */
  | { readonly kind: 'atEnd' }
  /** Not compared; kept as given or computed. */
  | { readonly kind: 'unverified'; readonly sha1?: string };

/** What a new version asks to be locked with; the bucket must be lock-enabled. */
export interface LockSettings {
  readonly retention?: FileRetention;
  readonly legalHold?: 'on' | 'off';
}

/** All of a new version but its data. */
export interface NewFile extends LockSettings {
  readonly bucketId: string;
  readonly name: string;
  readonly contentType: string;
  readonly fileInfo: Readonly<Record<string, string>>;
  /** Absent: none was asked for, the bucket's default applies. */
  readonly encryption?: EncryptionRequest;
  /** Milliseconds since the epoch. */
  readonly customTimestamp?: number;
}

/** The data of an upload and what the uploader says of it. */
export interface UploadBody {
  /** The body as sent, with its length; with SHA-1 `atEnd` the last 40 bytes are not data. */
  readonly body: SizedStream;
  readonly sha1: ContentSha1;
  /** 16 bytes, compared if given. */
  readonly md5?: Uint8Array;
  readonly signal?: AbortSignal;
}

/** File versions that are not large files in the making. */
export interface FileService {
  /**
   * Stores a new version; resolves once it would survive a power cut. What can be refused without the body (missing bucket,
   * metadata too large, encryption, lock and timestamp rules) is refused before a byte of it is read. On any failure nothing is
   * visible and nothing is left behind.
   */
  upload(file: NewFile, content: UploadBody): Promise<FileVersionRecord>;
  hide(bucketId: string, name: string): Promise<FileVersionRecord>;
  /** Also hide markers and unfinished large files. `file_not_present` unless id and name belong together. */
  deleteVersion(version: { name: string; fileId: string; bypassGovernance: boolean }): Promise<FileVersionRecord>;
  /** Any version by id, of any action; `file_missing` if there is none. */
  get(fileId: string): Promise<FileVersionRecord>;
  /** The current version of a name; `file_missing` if there is none or it is hidden. */
  getByName(bucketId: string, name: string): Promise<FileVersionRecord>;
}

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

/** Changes of what keeps a stored version from being deleted. The bucket must be lock-enabled, else `bucket_lock_missing`. */
export interface LockService {
  /**
   * null clears. Only a stronger retention needs no more than asking: `lock_change_refused` for a weaker one under compliance, and
   * under governance unless that is bypassed. `file_not_present` unless id and name belong together.
   */
  updateRetention(
    version: { readonly name: string; readonly fileId: string },
    retention: FileRetention | null,
    options: { readonly bypassGovernance: boolean },
  ): Promise<FileVersionRecord>;
  updateLegalHold(
    version: { readonly name: string; readonly fileId: string },
    legalHold: 'on' | 'off',
  ): Promise<FileVersionRecord>;
}

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
  }): Promise<FileVersionRecord>;
  copyPart(copy: {
    readonly source: CopySource;
    readonly fileId: string;
    readonly partNumber: number;
    readonly encryption?: EncryptionRequest;
    readonly signal?: AbortSignal;
  }): Promise<PartRecord>;
}

/** A row of a listing. */
export type ListingRow =
  | { readonly kind: 'version'; readonly version: FileVersionRecord }
  | { readonly kind: 'folder'; readonly name: string };

/** Listings. A page costs what its rows cost, however much there is around them. */
export interface ListingService {
  /** One row per visible name, in UTF-8 byte order; with a delimiter, names that share what is up to it fold into one folder row. */
  names(query: { bucketId: string; prefix?: string; delimiter?: string; startName?: string; limit: number }): Promise<{
    readonly rows: readonly ListingRow[];
    readonly nextName: string | null;
  }>;
  /** Every version: name ascending, newest first. */
  versions(query: {
    bucketId: string;
    prefix?: string;
    delimiter?: string;
    startName?: string;
    startFileId?: string;
    limit: number;
  }): Promise<{
    readonly rows: readonly ListingRow[];
    readonly nextName: string | null;
    readonly nextFileId: string | null;
  }>;
}

/** A stored file whose record was checked and whose key is at hand. */
export interface OpenFile {
  readonly version: FileVersionRecord;
  /** Plaintext bytes; the range must lie within the file. May be called several times until {@link OpenFile.close}. */
  read(range: ByteRange, signal?: AbortSignal): ByteStream;
  /** Forgets the file key, once the streams that were begun have ended; one that was not yet begun fails. Idempotent. */
  close(): void;
}

/** Reading stored data. */
export interface ReadService {
  /**
   * Opens a stored file. In this order: `file_missing` for hide markers and unfinished files, `sse_violation` where a customer
   * key is missing or superfluous, `customer_key_wrong`, `integrity` if the record is not the one that was sealed.
   */
  open(version: FileVersionRecord, encryption?: EncryptionRequest): Promise<OpenFile>;
}

/** What is done when a store is opened. */
export interface RecoveryService {
  /**
   * Finishes interrupted deletes and removes blobs that no file refers to. Only while nothing else uses the store.
   * Returns how many of each there were.
   */
  recover(): Promise<{ readonly deletions: number; readonly orphanBlobs: number; readonly leftovers: number }>;
  /**
   * Proves that the key provider holds the keys this store was made with; on a new store, writes the proof.
   * `mismatch`: other keys; `missing_proof`: data but no proof.
   */
  checkKeyring(): Promise<'new' | 'match' | 'mismatch' | 'missing_proof'>;
}
