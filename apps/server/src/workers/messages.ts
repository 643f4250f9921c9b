import type { StorageHealth } from '@coffer/storage-core';
import type { ServerConfig } from '../config/server-config.ts';
import type { ListenerUrls } from '../net/origins.ts';
import type { MetricValues } from '../observe/metrics.ts';
import type { StartupErrorCode } from '../startup-error.ts';

/** What a worker needs to know. It reads keys itself: no secret goes through the channel. */
export type WorkerConfig = Omit<ServerConfig, 'masterKey' | 's3Key'>;

/**
 * What the primary tells a worker, in this order: `serve` once, `report` as often as it likes, then `drain` or `stop`
 * or both.
 */
export type ToWorker =
  | { readonly kind: 'serve'; readonly config: WorkerConfig }
  | { readonly kind: 'report'; readonly id: number }
  /** Stop accepting, let clients finish and end. */
  | { readonly kind: 'drain' }
  /** Like `drain`, but cut connections off after so many milliseconds. */
  | { readonly kind: 'stop'; readonly graceMs: number };

/** How a worker is. */
export interface WorkerReport {
  readonly health: StorageHealth;
  readonly metrics: readonly MetricValues[];
}

/** What a worker tells the primary. */
export type FromWorker =
  /** The worker receives messages now; node:cluster drops messages that are sent before. */
  | { readonly kind: 'listening' }
  | { readonly kind: 'serving'; readonly urls: ListenerUrls }
  /** The worker could not start; `code` is null for an unexpected error. */
  | { readonly kind: 'failed'; readonly code: StartupErrorCode | null; readonly message: string }
  /** The answer to `report`; with id null, the last report of a worker that ends. */
  | { readonly kind: 'report'; readonly id: number | null; readonly report: WorkerReport };
