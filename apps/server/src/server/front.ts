import type { StorageHealth } from '@coffer/storage-core';
import type { MetricsPage } from '../observe/metrics.ts';
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
   * Takes certificate and keyring as their files are now, without failing a request. What cannot be used is logged, and
   * what was used before stays. Never rejects.
   */
  reload(): Promise<void>;
  /** Brings up to date what the methods below tell. Never rejects. */
  refresh(): Promise<void>;
  /** How the storage is, by the worst of what its processes say. */
  health(): StorageHealth;
  /** What keeps the server from serving fully; undefined: nothing. */
  shortcoming(): string | undefined;
  /** The figures of all processes. */
  render(): Promise<MetricsPage>;
}
