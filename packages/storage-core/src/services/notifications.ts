import type { SecretString } from '@coffer/bytes';
import type { NotificationEventRecord, NotificationSuspension } from '@coffer/storage-ports';

/** Where a rule's events are sent, with the secrets that belong to it. */
export interface NotificationTarget {
  readonly url: string;
  readonly customHeaders: readonly { readonly name: string; readonly value: SecretString }[] | null;
  /** Keys the signature of each request; null: requests are not signed. */
  readonly signingSecret: SecretString | null;
}

/** An event notification rule as its bucket's owner sets it. */
export interface NotificationRuleSettings {
  /** Unique in the bucket. */
  readonly name: string;
  /** Types of events (B2 docs "Event Notifications"); one that ends with `:*` is all of its category. */
  readonly eventTypes: readonly string[];
  readonly objectNamePrefix: string;
  /** A rule that is not keeps the events that it has, and gets no new ones. */
  readonly isEnabled: boolean;
  /** At least 1. */
  readonly maxEventsPerBatch: number;
  readonly target: NotificationTarget;
}

export interface NotificationRule extends NotificationRuleSettings {
  /** Why events are not delivered although the rule is enabled; it gets no new ones then. */
  readonly suspension: NotificationSuspension | null;
}

/**
 * Rules by which events are recorded: each with the same commit as the change that it tells of. A change whose request
 * began after the rules were set is judged by them.
 */
export interface NotificationService {
  /**
   * Sorted by name; the targets' secrets are the caller's to wipe. `bucket_missing`; `storage_unavailable` if their key
   * is not at hand; `outside_prefix` if `within` is given and there is a rule for other names than those that begin
   * with it.
   */
  getRules(bucketId: string, within?: string | null): Promise<readonly NotificationRule[]>;
  /**
   * Replaces all rules; the secrets are sealed before they are stored, and stay the caller's to wipe. Ends every
   * suspension. Events that wait for a rule whose name is still there are kept, those of others are dropped.
   * `bucket_missing`; `outside_prefix` if `within` is given and one of the rules, or one of those that they would
   * replace, is for other names than those that begin with it.
   */
  setRules(
    bucketId: string,
    rules: readonly NotificationRuleSettings[],
    within?: string | null,
  ): Promise<readonly NotificationRule[]>;
}

/** Names a rule that has events. */
export interface NotificationRuleReference {
  readonly bucketId: string;
  readonly ruleId: string;
}

/** A rule whose events one worker may deliver for the time of its lease. */
export interface NotificationClaim extends NotificationRuleReference {
  readonly accountId: string;
  readonly bucketName: string;
  readonly ruleName: string;
  readonly maxEventsPerBatch: number;
  readonly target: NotificationTarget;
  /** The target as it is stored: another one once the rules were set again. */
  readonly sealedTarget: Uint8Array;
  /**
   * Attempts that failed in a row, and when the first did (milliseconds since the epoch); null if the last one did not.
   */
  readonly failures: { readonly attempts: number; readonly since: number } | null;
  readonly lease: NotificationLease;
}

export interface NotificationLease {
  /** Different for any two workers that ever share the store. */
  readonly owner: string;
  readonly milliseconds: number;
}

/** What waits of a rule. */
export interface NotificationBacklog extends NotificationRuleReference {
  /** At least so many, as long as there are too many new ones to be counted at once. */
  readonly events: number;
  /** When the oldest event was, in milliseconds since the epoch. */
  readonly oldest: number;
}

/** An event that waits, with what its acknowledgement needs. */
export interface PendingNotification {
  readonly key: Uint8Array;
  readonly event: NotificationEventRecord;
}

/**
 * The events that wait to be delivered, for workers in any number of processes. An event is there until it is
 * acknowledged, so that it is delivered at least once; a rule is claimed by one worker at a time, and its events come
 * in the order of the changes. The methods that take a claim return false, and change nothing, if its lease was taken
 * over or its rule is gone.
 */
export interface NotificationOutbox {
  /** Every rule that has events, whatever its state. */
  pending(): Promise<readonly NotificationRuleReference[]>;
  /**
   * How much waits of each rule that has events. The first count of a storage reads all events, a hundred thousand of a
   * rule in each call; later ones what is new. For one caller at a time.
   */
  backlog(): Promise<readonly NotificationBacklog[]>;
  /**
   * Takes a rule if its events may be delivered now. Null if it is disabled, suspended, waits after a failure, or has
   * another worker; or does not exist any more, and then its events are dropped. The target's secrets are the caller's
   * to wipe.
   */
  claim(rule: NotificationRuleReference, lease: NotificationLease): Promise<NotificationClaim | null>;
  /**
   * The oldest events, at most a batch of them; none if the rules were set again since the claim, which is to be given
   * back then.
   */
  read(claim: NotificationClaim): Promise<readonly PendingNotification[]>;
  /** They were delivered: removes them, durably, forgets earlier failures and begins the lease anew. */
  acknowledge(claim: NotificationClaim, delivered: readonly PendingNotification[]): Promise<boolean>;
  /**
   * They were not: gives the rule back, not to be claimed before `retryAt` (milliseconds since the epoch). False, and
   * it may be claimed at once, if `claim.failures` are forgotten because the rules were set again.
   */
  recordFailure(claim: NotificationClaim, retryAt: number): Promise<boolean>;
  /**
   * Suspends the rule until its rules are set again. Its events stay. `reason` is shown to the bucket's owner. False,
   * and it may be claimed at once, if that has happened meanwhile, as for `recordFailure`.
   */
  suspend(claim: NotificationClaim, reason: string): Promise<boolean>;
  /**
   * Suspends the rule, whoever has it, if its last attempt failed. Its events stay. The name of the rule; null if its
   * last attempt did not fail, or it is disabled, suspended or gone.
   */
  suspendFailing(rule: NotificationRuleReference, reason: string): Promise<string | null>;
  /** Gives the rule back. */
  release(claim: NotificationClaim): Promise<boolean>;
}
