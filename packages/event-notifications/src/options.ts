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
  /** How many events were in the batch; if the rule was suspended because too many events wait, how many those are. */
  readonly events: number;
  /** Null if delivered. */
  readonly reason: string | null;
}

export interface DeliveryOptions {
  readonly outbox: NotificationOutbox;
  /** The same clock that the storage uses. */
  readonly clock: Clock;
  /** For the worker's name and for spreading retries. */
  readonly random: RandomSource;
  readonly addresses?: AddressOptions;
  /** Certificates of authorities, in PEM, against which receivers are checked; they replace those that Node knows. */
  readonly ca?: string;
  /** Rules that are delivered at the same time. Default: 8. */
  readonly concurrency?: number;
  /** How often to look for events, in milliseconds. Default: 1,000. */
  readonly pollMilliseconds?: number;
  /** How long one request with its answer may take, in milliseconds. Default: 10,000. */
  readonly timeoutMilliseconds?: number;
  readonly backOff?: BackOff;
  /**
   * A rule is suspended when it has failed at least so many times in a row and for at least so long. Default: 10, and
   * 24 hours.
   */
  readonly suspendAfter?: { readonly attempts: number; readonly milliseconds: number };
  /** A rule that fails is suspended at once when more events than this wait for it. Default: no limit. */
  readonly maximumBacklog?: number;
  /** How often to count what waits, in milliseconds. Default: 15,000. */
  readonly countMilliseconds?: number;
  /** Called with the numbers of waiting events, each time that they were counted. */
  readonly onBacklog?: (backlog: readonly NotificationBacklog[]) => void;
  readonly onDelivery?: (event: DeliveryEvent) => void;
  /** Called with each error that is not a receiver's fault, such as a failure of the store. The rule is tried again. */
  readonly onError?: (error: unknown) => void;
  /** Waits for so many milliseconds; resolves early if the signal aborts. Default: a timer. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}
