import type { StorageHealth } from '@coffer/storage-core';
import type { MetricsPage, MetricValues } from '../observe/metrics.ts';
import type { ListenerUrls } from '../net/origins.ts';

/** What answers clients: listeners of this process, or worker processes. */
export interface Front {
  /** Begins to accept connections. To be called once. @throws StartupError `network`. */
  open(): Promise<ListenerUrls>;
  /**
   * Stops accepting, and resolves once requests under way are finished, or were cut off after `graceMs` milliseconds.
   * Idempotent.
   */
  close(graceMs: number): Promise<void>;
  /**
   * Reads certificate and keyring again from their files, without failing a request. A file that cannot be used is
   * logged, and what was in use before stays in use. Never rejects.
   */
  reload(): Promise<void>;
  /** Updates what the methods below return. Never rejects. */
  refresh(): Promise<void>;
  /** The state of the storage: the worst of those that its processes report. */
  health(): StorageHealth;
  /** What keeps the server from serving fully; undefined: nothing. */
  shortcoming(): string | undefined;
  /** The figures of all processes one after the other, so that each metric may come several times. */
  values(): Promise<readonly MetricValues[]>;
  /** The figures of all processes. */
  render(): Promise<MetricsPage>;
}
