import type { ChunkEngine, KeyProvider } from '@coffer/envelope-crypto';
import type { BlobStore, Clock, MetadataStore, RandomSource } from '@coffer/storage-ports';
import type { AccountService } from './account-service.ts';
import type { ApplicationKeyService } from './application-key-service.ts';
import type { BucketService } from './bucket-service.ts';
import type { ClockService } from './clock-service.ts';
import type { CopyService } from './copy-service.ts';
import type { DigestEngine } from './digest-engine.ts';
import type { FileService } from './file-service.ts';
import type { LargeFileService } from './large-file-service.ts';
import type { LifecycleService } from './lifecycle.ts';
import type { ListingService } from './listing-service.ts';
import type { LockService } from './lock-service.ts';
import type { NodeService } from './node-service.ts';
import type { NotificationOutbox, NotificationService } from './notifications.ts';
import type { ReadService } from './read-service.ts';
import type { RecoveryService } from './recovery-service.ts';
import type { SnapshotRecords } from './snapshot-records.ts';
import type { TokenService } from './token-service.ts';
import type { VerificationService } from './verification.ts';

export type * from './account-service.ts';
export type * from './application-key-service.ts';
export type * from './bucket-service.ts';
export type * from './clock-service.ts';
export type * from './digest-engine.ts';
export type * from './file-service.ts';
export type * from './large-file-service.ts';
export type * from './lock-service.ts';
export type * from './copy-service.ts';
export type * from './node-service.ts';
export type * from './listing-service.ts';
export type * from './read-service.ts';
export type * from './recovery-service.ts';
export type * from './snapshot-records.ts';

/** What the core works over. */
export interface StorageDependencies {
  readonly metadata: MetadataStore;
  readonly blobs: BlobStore;
  readonly keys: KeyProvider;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Seals and opens the chunks of blobs. Default: the TypeScript engine. */
  readonly engine?: ChunkEngine | undefined;
  /** Digests large uploads and downloads on other threads. Default: none, so that all is digested by `node:crypto`. */
  readonly digestEngine?: DigestEngine | undefined;
  /**
   * Bytes of a file's name and info together, as the protocol measures them for {@link StorageOptions.metadataLimit};
   * the package of each protocol has such a measure.
   */
  readonly metadataSize: (name: string, fileInfo: Readonly<Record<string, string>>) => number;
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
   * How long, after the stores ran out of space or refused commits, operations that add something are refused without
   * asking them again. Default: 5,000.
   */
  readonly writeRetryMilliseconds: number;
  /** How long blobs that nothing names stay in quarantine before they are removed. Default: 7 days. */
  readonly quarantineMilliseconds: number;
  /** How long a process that shares the stores gives no sign of life until others take it off. Default: 30,000. */
  readonly memberSilenceMilliseconds: number;
  /**
   * Bytes of file name and file info together: plain files, and files with encryption or in lock-enabled buckets.
   * Default: 7,000 and 2,048.
   */
  readonly metadataLimit: { readonly plain: number; readonly restricted: number };
  /**
   * Parts of large files that were found genuine and are kept in memory, at most so many of all files together: some
   * 0.7 KiB each. Reading such a file again does not take reading and verifying all its parts again. 0: none. Default:
   * 40,000.
   */
  readonly keptParts: number;
}

/** What one account can do. All methods throw {@link StorageError}; all may be called concurrently. */
export interface AccountStorage {
  readonly options: StorageOptions;
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
}

/**
 * The storage server without a protocol, with the buckets, files and keys of all accounts. All methods throw
 * {@link StorageError}; all may be called concurrently.
 */
export interface Storage extends AccountStorage {
  readonly accounts: AccountService;
  /**
   * The storage as one account sees it: a bucket, a file or a key of another account is missing there in every respect.
   * The names of all accounts' buckets are taken all the same.
   */
  ofAccount(accountId: string): AccountStorage;
  readonly outbox: NotificationOutbox;
  readonly snapshots: SnapshotRecords;
  readonly lifecycle: LifecycleService;
  readonly recovery: RecoveryService;
  readonly nodes: NodeService;
  readonly verification: VerificationService;
  readonly clock: ClockService;
  /** Whether the stores accept changes, as far as their last answers tell. Does not ask them. */
  health(): StorageHealth;
}

/** Whether the storage takes changes, and if not, why and since when (milliseconds since the epoch). */
export interface StorageHealth {
  /**
   * - `ok`.
   * - `read-only`: there is no space. Reads go on, deletes are tried, everything else is refused as `storage_full`;
   *   that ends by itself once there is space again.
   * - `failed`: the metadata store does not know the outcome of a commit and takes no more. Reads go on, every change
   *   is refused as `storage_unavailable`, for most stores until they are opened again.
   */
  readonly state: 'ok' | 'read-only' | 'failed';
  /** For the operator; null if `ok`. */
  readonly reason: string | null;
  /** When the state began, in milliseconds since the epoch; null if `ok`. */
  readonly since: number | null;
}
