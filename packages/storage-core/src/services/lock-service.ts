import type { FileRetention } from '@coffer/storage-ports';
import type { FileVersion } from './file-service.ts';

/**
 * Changes of what keeps a stored version from being deleted. The bucket must be lock-enabled, else
 * `bucket_lock_missing`.
 */
export interface LockService {
  /**
   * Null removes the retention. A stronger retention is always allowed; a weaker one is `lock_change_refused` under
   * compliance, and under governance unless that is bypassed. `file_not_present` unless id and name belong together.
   */
  updateRetention(
    version: { readonly name: string; readonly fileId: string },
    retention: FileRetention | null,
    options: { readonly bypassGovernance: boolean },
  ): Promise<FileVersion>;
  updateLegalHold(
    version: { readonly name: string; readonly fileId: string },
    legalHold: 'on' | 'off',
  ): Promise<FileVersion>;
}
