/**
 * Proves that somebody who has the keys wrote a record: a checksum of the whole record and of its place
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
  /** Given by the operator, and no other account's. Absent: the account that the store was made for. */
  readonly name?: string;
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
  /**
   * How often the secret was replaced; absent: never. Each token contains the number, so that replacing the secret ends
   * all tokens made before.
   */
  readonly secretReplacements?: number;
  readonly createdAt: number;
  /** Absent: not stored yet. */
  readonly proof?: RecordProof;
}
