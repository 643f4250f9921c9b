import type { NotificationBacklog, NotificationOutbox } from '@coffer/storage-core';
import type { Clock, RandomSource } from '@coffer/storage-ports';
import type { AddressOptions } from './address-policy.ts';
import type { BackOff } from './back-off.ts';

/** What became of one batch of events. */
export interface DeliveryEvent {
  /** `delivered`; `failed`, to be tried again; or `suspended`: failed so often that it is not tried again. */
  readonly outcome: 'delivered' | 'failed' | 'suspended';
  readonly bucketId: string;
  readonly ruleName: string;
  /** How many events were in the batch; those that wait, if the rule is suspended because they are too many. */
  readonly events: number;
  /** Null if delivered. */
  readonly reason: string | null;
}

export interface DeliveryOptions {
  readonly outbox: NotificationOutbox;
  /** The one that the storage goes by. */
  readonly clock: Clock;
  /** For the worker's name and for spreading retries. */
  readonly random: RandomSource;
  readonly addresses?: AddressOptions;
  /** Certificates of authorities, in PEM, that receivers are checked against, instead of those that Node knows. */
  readonly ca?: string;
  /** Rules that are delivered at the same time. Default: 8. */
  readonly concurrency?: number;
  /** How often to look for events, in milliseconds. Default: 1,000. */
  readonly pollMilliseconds?: number;
  /** For one request with its answer. Default: 10,000. */
  readonly timeoutMilliseconds?: number;
  readonly backOff?: BackOff;
  /**
   * A rule is suspended when it has failed at least so many times in a row and for at least so long. Default: 10, and
   * 24 hours.
   */
  readonly suspendAfter?: { readonly attempts: number; readonly milliseconds: number };
  /** A rule that fails is suspended, whatever the time, when more events wait for it. Default: no limit. */
  readonly maximumBacklog?: number;
  /** How often to count what waits, in milliseconds. Default: 15,000. */
  readonly countMilliseconds?: number;
  /** Told what waits, each time that it was counted. */
  readonly onBacklog?: (backlog: readonly NotificationBacklog[]) => void;
  readonly onDelivery?: (event: DeliveryEvent) => void;
  /** Told of what is no fault of a receiver, such as a store that fails. The rule is tried again. */
  readonly onError?: (error: unknown) => void;
  /** Waits for so long, or until the signal aborts; then it resolves as well. Default: a timer. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}
