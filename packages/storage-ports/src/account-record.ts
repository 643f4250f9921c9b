/**
 * What proves that a record was written by somebody who has the keys: a checksum of all of it and of where it is
 * (docs/format.md).
 */
export interface RecordProof {
  /** The global key that the checksum is made with. */
  readonly globalKeyId: string;
  /** 32 bytes. */
  readonly mac: Uint8Array;
}

/** An account: the owner of buckets and application keys. */
export interface AccountRecord {
  /** 12 hexadecimal digits. */
  readonly accountId: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Absent: not stored yet. */
  readonly proof?: RecordProof;
}

/**
 * An application key. Its secret is kept sealed under a global key, not hashed: Basic authorization needs only a
 * comparison, but checking an AWS Signature V4 needs the secret itself.
 */
export interface ApplicationKeyRecord {
  /** 25 hexadecimal digits, or the account id for the account's master key. */
  readonly applicationKeyId: string;
  readonly accountId: string;
  readonly keyName: string;
  /** Whether this is the account's master key: unrestricted, never listed, never deleted. */
  readonly master: boolean;
  readonly capabilities: readonly string[];
  /** The buckets the key is restricted to; null for all. */
  readonly bucketIds: readonly string[] | null;
  /** The file names the key is restricted to begin so; null for all. */
  readonly namePrefix: string | null;
  /** Milliseconds since the epoch; null for never. */
  readonly expirationTimestamp: number | null;
  /** The secret, sealed under the global key `globalKeyId`. */
  readonly sealedSecret: Uint8Array;
  readonly globalKeyId: string;
  /** How often the secret was replaced by another; absent: never. Tokens say it, so that they end with the secret. */
  readonly secretReplacements?: number;
  readonly createdAt: number;
  /** Absent: not stored yet. */
  readonly proof?: RecordProof;
}
