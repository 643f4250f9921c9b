import type { SecretString } from '@coffer/bytes';
import type { ApplicationKeyRecord } from '@coffer/storage-ports';
import type { Grant } from './token-service.ts';

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

/** A new application key whose id and secret are given instead of made. The secret stays the caller's. */
export interface ChosenApplicationKey extends NewApplicationKey {
  readonly applicationKeyId: string;
  readonly secret: SecretString;
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

/** An application key for checking signatures that were made with its secret. */
export interface SigningKey {
  /** What the key allows; `grant.key.master` says whether it is the master key of its account. */
  readonly grant: Grant;
  /** Another one whenever the secret of the id is another one, so that what is derived from a secret may be kept. */
  readonly version: string;
  /** Opens the secret, which the caller wipes. @throws StorageError `storage_unavailable` if that fails. */
  openSecret(): Promise<SecretString>;
}

/** Application keys: who may do what. */
export interface ApplicationKeyService {
  /** `bucket_missing` if a bucket of the restriction does not exist. The secret is shown this once. */
  create(key: NewApplicationKey): Promise<{ readonly key: ApplicationKeyRecord; readonly secret: SecretString }>;
  /**
   * Makes a key with an id and a secret that the operator chose. A key of the account that has this id gets the secret
   * and the rights, unless it has them.
   *
   * @throws StorageError `invalid` for an id that no key can have, or that another account's or a master key has.
   */
  keep(key: ChosenApplicationKey): Promise<ApplicationKeyRecord>;
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
  /**
   * The key with this id, of any account and master keys included; undefined if the id is unknown or the key has
   * expired. Costs one read of a record; the secret is opened only where it is asked for.
   */
  forSigning(applicationKeyId: string): Promise<SigningKey | undefined>;
}
