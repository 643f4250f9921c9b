import type { StorageHealth } from '@coffer/storage-core';
import type { ServerConfig } from '../config/server-config.ts';
import type { ListenerUrls } from '../net/origins.ts';
import type { MetricValues } from '../observe/metrics.ts';
import type { StartupErrorCode } from '../startup-error.ts';

/** What a worker needs to know. It reads keys itself: no secret goes through the channel. */
export type WorkerConfig = Omit<ServerConfig, 'masterKey'>;

/**
 * What the primary tells a worker, in this order: `serve` once, `report` as often as it likes, then `drain` or `stop`
 * or both.
 */
export type ToWorker =
  | { readonly kind: 'serve'; readonly config: WorkerConfig }
  | { readonly kind: 'report'; readonly id: number }
  /** Stop accepting, let clients finish and end. */
  | { readonly kind: 'drain' }
  /** The same, cutting off after so many milliseconds. */
  | { readonly kind: 'stop'; readonly graceMs: number };

/** How a worker is. */
export interface WorkerReport {
  readonly health: StorageHealth;
  readonly metrics: readonly MetricValues[];
}

/** What a worker tells the primary. */
export type FromWorker =
  /** It listens to what it is told; node:cluster drops what is sent before. */
  | { readonly kind: 'listening' }
  | { readonly kind: 'serving'; readonly urls: ListenerUrls }
  /** It could not start; `code` null: that was not expected. */
  | { readonly kind: 'failed'; readonly code: StartupErrorCode | null; readonly message: string }
  /** An answer, or, with id null, the last word of a worker that ends. */
  | { readonly kind: 'report'; readonly id: number | null; readonly report: WorkerReport };
