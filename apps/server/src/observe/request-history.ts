import type { Clock } from '@coffer/storage-ports';
import type { MetricValues } from './metrics.ts';

/** Requests that ended within one minute. */
export interface MinuteOfRequests {
  /** When the minute began, in milliseconds since the epoch. */
  readonly minute: number;
  readonly requests: number;
  readonly errors4xx: number;
  readonly errors5xx: number;
}

/** Minutes that are kept, the one under way included. */
const keptMinutes = 60;

type Counts = Omit<MinuteOfRequests, 'minute'>;

/** The requests of the last hour minute by minute, made of counters that only grow. */
export class RequestHistory {
  readonly #clock: Clock;
  readonly #counters: () => Promise<readonly MetricValues[]>;
  #ended: readonly MinuteOfRequests[] = [];
  #before: Counts = { requests: 0, errors4xx: 0, errors5xx: 0 };
  #since: number;

  /** `counters`: the metrics of all processes. */
  constructor(clock: Clock, counters: () => Promise<readonly MetricValues[]>) {
    this.#clock = clock;
    this.#counters = counters;
    this.#since = clock.now();
  }

  /** Ends the minute that is under way; to be called once a minute. */
  async nextMinute(): Promise<void> {
    const now = await this.#count();
    this.#ended = [...this.#ended, this.#between(now)].slice(1 - keptMinutes);
    this.#before = now;
    this.#since = this.#clock.now();
  }

  /** Oldest first; the last one is the minute that is under way. */
  async minutes(): Promise<MinuteOfRequests[]> {
    return [...this.#ended, this.#between(await this.#count())];
  }

  #between(now: Counts): MinuteOfRequests {
    // A process that was killed takes with it what it had not reported yet.
    const more = (name: keyof Counts): number => Math.max(0, now[name] - this.#before[name]);
    return {
      minute: this.#since,
      requests: more('requests'),
      errors4xx: more('errors4xx'),
      errors5xx: more('errors5xx'),
    };
  }

  async #count(): Promise<Counts> {
    const values = (await this.#counters()).flatMap((metric) =>
      metric.name === 'coffer_requests_total' ? metric.values : [],
    );
    const sum = (from: number, to: number): number =>
      values.reduce((total, { labels, value }) => {
        const status = Number(labels['status']);
        return status >= from && status < to ? total + value : total;
      }, 0);
    return { requests: sum(0, 1_000), errors4xx: sum(400, 500), errors5xx: sum(500, 1_000) };
  }
}
