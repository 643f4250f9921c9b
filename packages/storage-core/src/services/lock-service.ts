import type { FileRetention } from '@coffer/storage-ports';
import type { FileVersion } from './file-service.ts';

/**
 * Changes of what keeps a stored version from being deleted. The bucket must be lock-enabled, else
 * `bucket_lock_missing`.
 */
export interface LockService {
  /**
   * null clears. Only a stronger retention needs no more than asking: `lock_change_refused` for a weaker one under
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
