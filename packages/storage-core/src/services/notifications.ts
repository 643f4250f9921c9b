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
  /** A disabled rule keeps the events that it has, and gets no new ones. */
  readonly isEnabled: boolean;
  /** At least 1. */
  readonly maxEventsPerBatch: number;
  readonly target: NotificationTarget;
}

export interface NotificationRule extends NotificationRuleSettings {
  /**
   * Why events are not delivered although the rule is enabled; null if they are. A suspended rule gets no new events.
   */
  readonly suspension: NotificationSuspension | null;
}

/**
 * Event notification rules. An event is recorded in the same commit as the change that it tells of. A change whose
 * request begins after the rules were set is judged by these rules.
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
  /** The target as it is stored; it changes when the rules are set again. */
  readonly sealedTarget: Uint8Array;
  /**
   * Attempts that failed in a row, and when the first did (milliseconds since the epoch); null if the last attempt did
   * not fail.
   */
  readonly failures: { readonly attempts: number; readonly since: number } | null;
  readonly lease: NotificationLease;
}

export interface NotificationLease {
  /** Different for any two workers that ever share the store. */
  readonly owner: string;
  readonly milliseconds: number;
}

/** The waiting events of a rule. */
export interface NotificationBacklog extends NotificationRuleReference {
  /** How many wait; as long as there are too many new ones to be counted at once, at least how many. */
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
   * The backlog of each rule that has events. The first count of a storage reads all events, at most a hundred thousand
   * of a rule in each call; later counts read only new ones. For one caller at a time.
   */
  backlog(): Promise<readonly NotificationBacklog[]>;
  /**
   * Takes a rule if its events may be delivered now. Null if the rule is disabled, suspended, waits after a failure, or
   * has another worker. Also null if the rule no longer exists; then its events are dropped. The target's secrets are
   * the caller's to wipe.
   */
  claim(rule: NotificationRuleReference, lease: NotificationLease): Promise<NotificationClaim | null>;
  /**
   * The oldest events, at most a batch of them; none if the rules were set again since the claim; the caller then has
   * to give the claim back.
   */
  read(claim: NotificationClaim): Promise<readonly PendingNotification[]>;
  /**
   * To be called when events were delivered: removes them, durably, forgets earlier failures and begins the lease anew.
   */
  acknowledge(claim: NotificationClaim, delivered: readonly PendingNotification[]): Promise<boolean>;
  /**
   * To be called when events could not be delivered: gives the rule back, which cannot be claimed before `retryAt`
   * (milliseconds since the epoch). If the rules were set again, which made the storage forget `claim.failures`, this
   * returns false and the rule may be claimed at once.
   */
  recordFailure(claim: NotificationClaim, retryAt: number): Promise<boolean>;
  /**
   * Suspends the rule until its rules are set again. Its events stay. `reason` is shown to the bucket's owner. If the
   * rules were set again meanwhile, this returns false and the rule may be claimed at once, as with `recordFailure`.
   */
  suspend(claim: NotificationClaim, reason: string): Promise<boolean>;
  /**
   * Suspends the rule, whichever worker has it, if its last attempt failed. Its events stay. Resolves with the name of
   * the rule; null if its last attempt did not fail, or the rule is disabled, suspended or gone.
   */
  suspendFailing(rule: NotificationRuleReference, reason: string): Promise<string | null>;
  /** Gives the rule back. */
  release(claim: NotificationClaim): Promise<boolean>;
}
