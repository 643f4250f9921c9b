import { SecretBytes, constantTimeEqual, decodeHex, encodeHex, type SecretString } from '@coffer/bytes';
import { hashing } from '#hashing';

/** What a signing key is good for: one day, one region, the service S3. */
export interface CredentialScope {
  /** `yyyymmdd`, in UTC. */
  readonly date: string;
  readonly region: string;
}

/** The scope as it is in the string to sign, and behind the key id in a credential. */
export function printScope({ date, region }: CredentialScope): string {
  return `${date}/${region}/s3/aws4_request`;
}

/**
 * The key that signs within a scope ("Signature calculations for the Authorization header", Amazon S3 API Reference).
 * The secret stays the caller's, who also wipes the key.
 *
 * @throws SecretError `secret_wiped` if the secret was wiped.
 *
 * @example
 * ```ts
 * const secret = SecretString.of('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY');
 * const key = deriveSigningKey(secret, { date: '20130524', region: 'us-east-1' });
 * const hex = key.expose(encodeHex);
 * assert.equal(hex, 'dbb893acc010964918f1fd433add87c70e8b0db6be30c1fbeafefa5ec6ba8378');
 * key.wipe();
 * ```
 */
export function deriveSigningKey(secret: SecretString, { date, region }: CredentialScope): SecretBytes {
  let key = secret.exposeBytes(rootKey);
  for (const text of [date, region, 's3', 'aws4_request']) {
    const next = SecretBytes.take(key.expose((bytes) => hashing.hmac(bytes, text)));
    key.wipe();
    key = next;
  }
  return key;
}

function rootKey(secret: Uint8Array): SecretBytes {
  const bytes = new Uint8Array(4 + secret.length);
  bytes.set([0x41, 0x57, 0x53, 0x34]); // AWS4
  bytes.set(secret, 4);
  return SecretBytes.take(bytes);
}

/** The signature of a string to sign, in lower-case hexadecimal. */
export function signatureWith(key: SecretBytes, stringToSign: string): string {
  return encodeHex(key.expose((bytes) => hashing.hmac(bytes, stringToSign)));
}

/** Compares two signatures, in a time that depends only on whether they are such: 64 digits in lower case. */
export function sameSignature(expected: string, given: string): boolean {
  const [ours, theirs] = [digestOf(expected), digestOf(given)];
  return ours !== undefined && theirs !== undefined && constantTimeEqual(ours, theirs);
}

function digestOf(signature: string): Uint8Array | undefined {
  return /^[0-9a-f]{64}$/.test(signature) ? decodeHex(signature) : undefined;
}
