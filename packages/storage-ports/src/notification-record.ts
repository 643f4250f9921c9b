import type { RecordProof } from './account-record.ts';

/** What can happen to a file that a rule may ask to be told of (B2 docs "Event Notifications"). */
export type NotificationEventType =
  | 'b2:ObjectCreated:Upload'
  | 'b2:ObjectCreated:MultipartUpload'
  | 'b2:ObjectCreated:Copy'
  | 'b2:ObjectCreated:Replica'
  | 'b2:ObjectCreated:MultipartReplica'
  | 'b2:ObjectDeleted:Delete'
  | 'b2:ObjectDeleted:LifecycleRule'
  | 'b2:HideMarkerCreated:Hide'
  | 'b2:HideMarkerCreated:LifecycleRule';

/** Why a rule is not carried out although it is enabled. */
export interface NotificationSuspension {
  /** Shown to the bucket's owner. */
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** One event notification rule of a bucket. */
export interface NotificationRuleRecord {
  /**
   * 32 hexadecimal digits; stays the same as long as a rule of this name exists, and is never given to another rule.
   */
  readonly ruleId: string;
  /** Unique in the bucket. */
  readonly name: string;
  /** {@link NotificationEventType}s, or `b2:ObjectCreated:*` and the like for all of a category. */
  readonly eventTypes: readonly string[];
  readonly objectNamePrefix: string;
  readonly isEnabled: boolean;
  /** 1 … 50. */
  readonly maxEventsPerBatch: number;
  /** Where events are sent and with which secrets: JSON, sealed under the global key `globalKeyId` (docs/format.md). */
  readonly sealedTarget: Uint8Array;
  readonly globalKeyId: string;
  readonly suspension: NotificationSuspension | null;
}

/** All event notification rules of a bucket. */
export interface NotificationRulesRecord {
  readonly bucketId: string;
  /** Sorted by name. */
  readonly rules: readonly NotificationRuleRecord[];
  /** Absent: not stored yet. */
  readonly proof?: RecordProof;
}

/** An event that a rule's receiver is still to be told of. */
export interface NotificationEventRecord {
  /** 32 hexadecimal digits; the same however often the event is sent. */
  readonly eventId: string;
  /** Milliseconds since the epoch. */
  readonly eventTimestamp: number;
  readonly eventType: NotificationEventType;
  readonly objectName: string;
  /** Bytes of plaintext; 0 for hide markers. */
  readonly objectSize: number;
  /** The file id. */
  readonly objectVersionId: string;
}

/** How the delivery of a rule's events is going. A rule whose events are all delivered has no such record. */
export interface NotificationStateRecord {
  /**
   * The worker that delivers the events at the moment; its claim on them ends at `expiresAt` (milliseconds since the
   * epoch).
   */
  readonly lease: { readonly owner: string; readonly expiresAt: number } | null;
  /** The attempts that failed since the last success. */
  readonly failures: {
    readonly attempts: number;
    /** When the first of them failed, in milliseconds since the epoch. */
    readonly since: number;
    /** No attempt before this time, in milliseconds since the epoch. */
    readonly retryAt: number;
  } | null;
}
