import type {
  BucketDefaultEncryption,
  BucketRecord,
  BucketType,
  CorsRule,
  DefaultRetention,
  LifecycleRule,
  ReplicationConfiguration,
} from '@coffer/storage-ports';

/** Settings of a bucket that a create or an update carries; absent leaves as it is (or the default, on create). */
export interface BucketSettings {
  readonly type?: BucketType;
  readonly info?: Readonly<Record<string, string>>;
  readonly corsRules?: readonly CorsRule[];
  readonly lifecycleRules?: readonly LifecycleRule[];
  /** As asked for; `none` becomes SSE-B2 where the server encrypts by default. */
  readonly defaultEncryption?: BucketDefaultEncryption;
  /**
   * Whether uploads, large files and copies into the bucket that would be SSE-C are refused. Large files that were
   * started before take their parts, and what is SSE-C already is read and copied from, as before.
   */
  readonly blocksCustomerKeys?: boolean;
  readonly fileLockEnabled?: boolean;
  /** Null removes the default retention. */
  readonly defaultRetention?: DefaultRetention | null;
  readonly replication?: ReplicationConfiguration | null;
}

/** A bucket to be made. */
export interface NewBucket {
  readonly accountId: string;
  readonly name: string;
  readonly type: BucketType;
  readonly settings: BucketSettings;
}

/** Which buckets are wanted; absent: all of the account. */
export interface BucketsQuery {
  readonly accountId: string;
  readonly bucketId?: string;
  readonly name?: string;
}

/** Buckets and their settings. */
export interface BucketService {
  create(bucket: NewBucket): Promise<BucketRecord>;
  /** All or nothing. `bucket_revision_mismatch` if `ifRevisionIs` is given and not the current one. */
  update(
    bucketId: string,
    settings: BucketSettings,
    options?: { readonly ifRevisionIs?: number },
  ): Promise<BucketRecord>;
  /**
   * Resolves with the deleted bucket, its revision increased by one. `bucket_not_empty` while any version, hide marker
   * or unfinished file is left.
   */
  delete(bucketId: string): Promise<BucketRecord>;
  /** Sorted by name. Filters that match nothing give nothing. */
  list(query: BucketsQuery): Promise<readonly BucketRecord[]>;
  get(bucketId: string): Promise<BucketRecord>;
  /** Names are compared without regard to case. */
  getByName(name: string): Promise<BucketRecord>;
}
