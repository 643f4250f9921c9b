import type { SecretString } from '@coffer/bytes';
import type { ApplicationKeyRecord } from '@coffer/storage-ports';

/** What a new application key is to be allowed. */
export interface NewApplicationKey {
  readonly accountId: string;
  readonly keyName: string;
  readonly capabilities: readonly string[];
  readonly bucketIds: readonly string[] | null;
  readonly namePrefix: string | null;
  /** Seconds; null for a key that does not expire. */
  readonly validDurationInSeconds: number | null;
  /** The key ends no later than this, in milliseconds since the epoch; null or absent: it has no such bound. */
  readonly notAfter?: number | null;
}

/** Which application keys are wanted. */
export interface ApplicationKeysQuery {
  readonly accountId: string;
  /** The first id that may be among them. */
  readonly startId?: string;
  /** Keys at most. */
  readonly limit: number;
  /** Ends the page before the keys on it are restricted to more buckets than this in all. */
  readonly maximumBucketIds?: number;
}

/** Application keys: who may do what. */
export interface ApplicationKeyService {
  /** `bucket_missing` if a bucket of the restriction does not exist. The secret is shown this once. */
  create(key: NewApplicationKey): Promise<{ readonly key: ApplicationKeyRecord; readonly secret: SecretString }>;
  /** Keys in id order from `startId` (inclusive); neither the master key nor expired keys. */
  list(query: ApplicationKeysQuery): Promise<{
    readonly keys: readonly ApplicationKeyRecord[];
    readonly nextId: string | null;
  }>;
  get(accountId: string, applicationKeyId: string): Promise<ApplicationKeyRecord>;
  /** Ends the key and every token made with it. */
  delete(accountId: string, applicationKeyId: string): Promise<ApplicationKeyRecord>;
  /**
   * The key whose id and secret these are (the account id names the master key), else `bad_credentials`. Compares in
   * constant time.
   */
  authenticate(applicationKeyId: string, secret: SecretString): Promise<ApplicationKeyRecord>;
}
