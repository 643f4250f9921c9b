import type { RecordProof } from './account-record.ts';

/** What encryption files of a bucket get when their upload asks for none. */
export type BucketDefaultEncryption = 'none' | 'SSE-B2';

/**
 * Whether downloads need a token: not from `allPublic` buckets. `snapshot`: the private bucket in which the server puts
 * the snapshots of an account. No client makes one, and its type never changes.
 */
export type BucketType = 'allPublic' | 'allPrivate' | 'snapshot';

/** A bucket's CORS rule, as set by its owner. */
export interface CorsRule {
  readonly corsRuleName: string;
  readonly allowedOrigins: readonly string[];
  readonly allowedOperations: readonly string[];
  readonly allowedHeaders: readonly string[] | null;
  readonly exposeHeaders: readonly string[] | null;
  /** Seconds. */
  readonly maxAgeSeconds: number;
}

/** A bucket's lifecycle rule. Days are positive integers; null: the rule does not do what the member is for. */
export interface LifecycleRule {
  readonly fileNamePrefix: string;
  readonly daysFromUploadingToHiding: number | null;
  readonly daysFromHidingToDeleting: number | null;
  readonly daysFromStartingToCancelingUnfinishedLargeFiles: number | null;
}

/** Governance can be bypassed by who holds the capability, compliance by nobody. */
export type RetentionMode = 'governance' | 'compliance';

/** The retention that new files of a lock-enabled bucket get when their upload asks for none. */
export interface DefaultRetention {
  readonly mode: RetentionMode;
  readonly period: { readonly duration: number; readonly unit: 'days' | 'years' };
}

/** What a replication source would copy where. */
export interface ReplicationRule {
  readonly destinationBucketId: string;
  readonly fileNamePrefix: string;
  readonly includeExistingFiles: boolean;
  readonly isEnabled: boolean;
  readonly priority: number;
  readonly replicationRuleName: string;
  /**
   * Since when the rule is on with this prefix, in milliseconds since the epoch: it does not apply to files that are
   * older. Absent in a rule that is off, and in records that were written before this member existed. The storage core
   * sets it and ignores the value that it is given.
   */
  readonly enabledSince?: number;
}

/** Kept and shown as set; this server does not replicate. */
export interface ReplicationConfiguration {
  readonly asReplicationSource: {
    readonly replicationRules: readonly ReplicationRule[];
    readonly sourceApplicationKeyId: string;
  } | null;
  readonly asReplicationDestination: {
    readonly sourceToDestinationKeyMapping: Readonly<Record<string, string>>;
  } | null;
}

/** A bucket and its settings. */
export interface BucketRecord {
  /** 24 hexadecimal digits. */
  readonly bucketId: string;
  readonly accountId: string;
  /** Case preserved; unique without regard to case. */
  readonly name: string;
  readonly type: BucketType;
  readonly info: Readonly<Record<string, string>>;
  readonly corsRules: readonly CorsRule[];
  readonly lifecycleRules: readonly LifecycleRule[];
  readonly defaultEncryption: BucketDefaultEncryption;
  /** New files with customer keys are refused. Absent: they are not. Never stored as false. */
  readonly blocksCustomerKeys?: boolean;
  readonly fileLockEnabled: boolean;
  readonly defaultRetention: DefaultRetention | null;
  readonly replication: ReplicationConfiguration | null;
  /** Whether any event notification rule is enabled. Where none is, changes to files need not look for rules. */
  readonly notifies: boolean;
  /** 2 after creation; grows by 1 with each update. */
  readonly revision: number;
  readonly createdAt: number;
  /** Absent: not stored yet. */
  readonly proof?: RecordProof;
}
