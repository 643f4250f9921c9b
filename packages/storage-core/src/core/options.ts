import type { StorageOptions } from '../services/storage.ts';

/** Largest body of an upload or part, and largest result of a copy: 5 GiB (B2 docs name both 5 GB and this). */
export const maximumBlobSize = 5 * 1024 ** 3;
/** Largest large file: 10 TB. */
export const maximumFileSize = 10_000_000_000_000;
export const maximumPartNumber = 10_000;

const defaults: StorageOptions = {
  encryptByDefault: false,
  minimumPartSize: 5_000_000,
  inlineThreshold: 65_536,
  maximumBuckets: 100,
  customTimestamps: false,
  ignoreUnneededCustomerKey: false,
  writeRetryMilliseconds: 5_000,
  quarantineMilliseconds: 7 * 24 * 60 * 60 * 1_000,
  memberSilenceMilliseconds: 30_000,
  metadataLimit: { plain: 7_000, restricted: 2_048 },
  keptParts: 40_000,
};

export function completeOptions(given: Partial<StorageOptions> = {}): StorageOptions {
  return { ...defaults, ...given };
}
