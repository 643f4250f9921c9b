import type { ChunkEngine } from '@coffer/envelope-crypto';
import type { DeliveryEvent } from '@coffer/event-notifications';
import { StorageError, type StorageHealth } from '@coffer/storage-core';
import {
  Counter,
  Gauge,
  Histogram,
  Registry,
  collectDefaultMetrics,
  type MetricObjectWithValues,
  type MetricValue,
} from 'prom-client';
import type { NativeUse } from '../store/choose-engine.ts';
import type { FinishedRequest } from './finished-request.ts';

/** What is measured. Labels have few values: never a name, an id or a key. */
export interface Metrics {
  requestFinished(event: FinishedRequest): void;
  /** A webhook was delivered, or was not. */
  notificationSent(event: DeliveryEvent): void;
  /** A connection was refused because there were too many. */
  connectionRefused(): void;
  /** A line of the log could not be written. */
  logLineDropped(): void;
  /** An error that the server's operator should know of. */
  errorSeen(error: unknown): void;
  /** What encrypts and decrypts data in this process. To be called once. */
  engineChosen(name: ChunkEngine['name'], native: NativeUse): void;
  /** From now on the state of the storage is shown. */
  watchStorage(health: () => StorageHealth): void;
  /** From now on it is shown whether the clock is doubted. */
  watchClock(isDoubted: () => boolean): void;
  /** From now on, the events that wait to be delivered are shown. */
  watchBacklog(waiting: () => WaitingEvents): void;
  /** From now on, the findings of verifications in the background are shown. */
  watchScrub(figures: () => ScrubFigures): void;
  /** From now on, the numbers of blobs that no file names are shown. */
  watchQuarantine(blobs: () => UnnamedBlobs): void;
  /** From now on the number of workers that serve is shown. */
  watchWorkers(serving: () => number): void;
  /** What is watched, as it is now. */
  current(): CurrentFigures;
  /** The text that Prometheus scrapes, and its media type. */
  render(): Promise<MetricsPage>;
  /** The same as data, to be summed with that of other processes. */
  values(): Promise<readonly MetricValues[]>;
}

/** The event notifications that wait to be delivered. */
export interface WaitingEvents {
  readonly events: number;
  /** The age of the oldest; 0 if there is none. */
  readonly oldestSeconds: number;
}

/** What is known of the verifications in the background. */
export interface ScrubFigures {
  /** When the last complete one ended, in milliseconds since the epoch; null for never. */
  readonly finishedAt: number | null;
  /** Findings of the verification under way, or else of the last one, since the server was started. */
  readonly damaged: number;
  readonly orphans: number;
  /** Stored bytes of blobs that were read since the server was started. */
  readonly bytes: number;
}

/** What is watched; the figures are zero until it is. */
interface CurrentFigures {
  readonly clockDoubted: boolean;
  readonly waiting: WaitingEvents;
  /** Null without verifications in the background. */
  readonly scrub: ScrubFigures | null;
  readonly quarantine: UnnamedBlobs;
}

/** Blobs that no file names. */
interface UnnamedBlobs {
  /** In quarantine, as last counted. */
  readonly held: number;
  /** Found by the last recovery, and left in their places. */
  readonly leftInPlace: number;
}

/** The answer to Prometheus. */
export interface MetricsPage {
  readonly contentType: string;
  readonly text: string;
}

/** One metric with all its values. */
export type MetricValues = MetricObjectWithValues<MetricValue<string>>;

/** Seconds: from a commit on a fast disk to a large part over a slow line. */
const durationBuckets = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600];

/** `active`: how many requests are under way. */
export function createMetrics(active: () => number): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const meters = createMeters(registry, active);
  const watched: { -readonly [Name in keyof CurrentFigures]: () => CurrentFigures[Name] } = {
    clockDoubted: () => false,
    waiting: () => ({ events: 0, oldestSeconds: 0 }),
    scrub: () => null,
    quarantine: () => ({ held: 0, leftInPlace: 0 }),
  };
  return {
    requestFinished: (event) => {
      record(meters, event);
    },
    notificationSent: ({ outcome, events }) => {
      meters.webhooks.inc({ outcome });
      meters.webhookEvents.inc({ outcome }, events);
    },
    connectionRefused: () => {
      meters.refused.inc();
    },
    logLineDropped: () => {
      meters.logLinesDropped.inc();
    },
    errorSeen: (error) => {
      meters.errors.inc({ code: StorageError.is(error) ? error.code : 'unexpected' });
    },
    watchStorage: (health) => {
      watchStorage(registry, health);
    },
    engineChosen: (name, native) => {
      showEngine(registry, name, native);
    },
    watchClock: (isDoubted) => {
      watched.clockDoubted = isDoubted;
      watchClock(registry, isDoubted);
    },
    watchBacklog: (waiting) => {
      watched.waiting = waiting;
      watchBacklog(registry, waiting);
    },
    watchScrub: (figures) => {
      watched.scrub = figures;
      watchScrub(registry, figures);
    },
    watchQuarantine: (blobs) => {
      watched.quarantine = blobs;
      watchQuarantine(registry, blobs);
    },
    watchWorkers: (serving) => {
      watchWorkers(registry, serving);
    },
    current: () => ({
      clockDoubted: watched.clockDoubted(),
      waiting: watched.waiting(),
      scrub: watched.scrub(),
      quarantine: watched.quarantine(),
    }),
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
    values: () => registry.getMetricsAsJSON(),
  };
}

function watchBacklog(registry: Registry, waiting: () => WaitingEvents): void {
  new Gauge({
    name: 'coffer_webhook_events_waiting',
    help: 'Event notifications that wait to be delivered, of all rules, as last counted',
    registers: [registry],
    collect() {
      this.set(waiting().events);
    },
  });
  new Gauge({
    name: 'coffer_webhook_oldest_event_seconds',
    help: 'Age of the oldest of them; 0 if none waits',
    registers: [registry],
    collect() {
      this.set(waiting().oldestSeconds);
    },
  });
}

function watchClock(registry: Registry, isDoubted: () => boolean): void {
  new Gauge({
    name: 'coffer_clock_doubted',
    help:
      '1 while the clock is doubted: no lifecycle rule is applied and no retention ends until it is confirmed ' +
      'or set right',
    registers: [registry],
    collect() {
      this.set(isDoubted() ? 1 : 0);
    },
  });
}

function watchScrub(registry: Registry, figures: () => ScrubFigures): void {
  const show = (name: string, help: string, value: (figures: ScrubFigures) => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value(figures()));
      },
    });
  };
  const current = 'found by the verification in the background that is under way, or else by the last one';
  show('coffer_scrub_damaged', `Damaged things ${current}`, ({ damaged }) => damaged);
  show('coffer_scrub_orphans', `Blobs that nothing names ${current}`, ({ orphans }) => orphans);
  show('coffer_scrub_read_bytes', 'Bytes of blobs read by it since the start', ({ bytes }) => bytes);
  show(
    'coffer_scrub_finished_timestamp_seconds',
    'When the last complete verification in the background ended; 0 for never',
    ({ finishedAt }) => (finishedAt ?? 0) / 1_000,
  );
}

function watchQuarantine(registry: Registry, blobs: () => UnnamedBlobs): void {
  new Gauge({
    name: 'coffer_quarantined_blobs',
    help: 'Blobs in quarantine, as last counted',
    registers: [registry],
    collect() {
      this.set(blobs().held);
    },
  });
  new Gauge({
    name: 'coffer_orphan_blobs',
    help:
      'Blobs that no file names, found at the start and left in their places; not 0: the metadata may be ' +
      'older than the blobs',
    registers: [registry],
    collect() {
      this.set(blobs().leftInPlace);
    },
  });
}

/** As an information of Prometheus: always 1, with what it tells in a label. */
function showEngine(registry: Registry, engine: ChunkEngine['name'], native: NativeUse): void {
  new Gauge({
    name: 'coffer_engine_info',
    help: 'What encrypts and decrypts data, native code or TypeScript, and why native code does not',
    labelNames: ['engine', 'native'],
    aggregator: 'max',
    registers: [registry],
  }).set({ engine, native }, 1);
}

function watchWorkers(registry: Registry, serving: () => number): void {
  new Gauge({
    name: 'coffer_workers',
    help: 'Worker processes that accept connections',
    registers: [registry],
    collect() {
      this.set(serving());
    },
  });
}

function watchStorage(registry: Registry, health: () => StorageHealth): void {
  const states = ['ok', 'read-only', 'failed'] as const satisfies readonly StorageHealth['state'][];
  new Gauge({
    name: 'coffer_storage_state',
    help: '1 for the state the storage is in: ok, read-only (no space left), failed (to be started again)',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const { state } = health();
      for (const each of states) this.set({ state: each }, each === state ? 1 : 0);
    },
  });
}

type Meters = ReturnType<typeof createMeters>;

function createMeters(registry: Registry, active: () => number) {
  const registers = [registry];
  new Gauge({
    name: 'coffer_requests_active',
    help: 'Requests under way',
    registers,
    collect() {
      this.set(active());
    },
  });
  return {
    requests: new Counter({
      name: 'coffer_requests_total',
      help: 'Finished requests',
      labelNames: ['operation', 'status', 'code'],
      registers,
    }),
    durations: new Histogram({
      name: 'coffer_request_duration_seconds',
      help: 'From the head of a request to the end of its answer',
      labelNames: ['operation'],
      buckets: durationBuckets,
      registers,
    }),
    received: new Counter({
      name: 'coffer_received_bytes_total',
      help: 'Bytes of request bodies',
      labelNames: ['operation', 'encryption'],
      registers,
    }),
    sent: new Counter({
      name: 'coffer_sent_bytes_total',
      help: 'Bytes of answer bodies',
      labelNames: ['operation', 'encryption'],
      registers,
    }),
    incomplete: new Counter({
      name: 'coffer_answers_cut_total',
      help: 'Answers whose body did not reach its end',
      labelNames: ['operation'],
      registers,
    }),
    refusedCredentials: new Counter({
      name: 'coffer_authorizations_refused_total',
      help: 'Refused keys and tokens, by reason: bad_credentials, token_invalid, token_expired',
      labelNames: ['reason'],
      registers,
    }),
    refused: new Counter({
      name: 'coffer_connections_refused_total',
      help: 'Connections that were closed at once because there were too many, of all or of one address',
      registers,
    }),
    logLinesDropped: new Counter({
      name: 'coffer_log_lines_dropped_total',
      help: 'Lines of the log that could not be written: the disk was full, or nobody read them',
      registers,
    }),
    webhooks: new Counter({
      name: 'coffer_webhooks_total',
      help: 'Attempts to deliver a batch of event notifications, by outcome: delivered, failed, suspended',
      labelNames: ['outcome'],
      registers,
    }),
    webhookEvents: new Counter({
      name: 'coffer_webhook_events_total',
      help: 'Event notifications in these attempts',
      labelNames: ['outcome'],
      registers,
    }),
    errors: new Counter({
      name: 'coffer_errors_total',
      help: 'Errors on the side of the server; code integrity: stored data is not what was stored',
      labelNames: ['code'],
      registers,
    }),
  };
}

function record(meters: Meters, event: FinishedRequest): void {
  const operation = event.operation ?? 'unknown';
  const encryption = event.encryption ?? '';
  meters.requests.inc({ operation, status: String(event.status), code: event.errorCode ?? '' });
  meters.durations.observe({ operation }, event.durationMs / 1000);
  meters.received.inc({ operation, encryption }, event.bytesIn);
  meters.sent.inc({ operation, encryption }, event.bytesOut);
  if (event.incomplete) meters.incomplete.inc({ operation });
  if (event.refusedCredentials !== null) meters.refusedCredentials.inc({ reason: event.refusedCredentials });
}
