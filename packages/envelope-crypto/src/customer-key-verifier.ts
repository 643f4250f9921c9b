import { createHmac } from 'node:crypto';
import { concatBytes, constantTimeEqual, publicRandomBytes, type SecretBytes } from '@coffer/bytes';
import { EnvelopeError } from './envelope-error.ts';
import { ascii, labelledContext, requireId } from './labelled-context.ts';

const keyLength = 32;
const saltLength = 16;

/** Bytes of a verifier: salt(16) ‖ HMAC-SHA-256(32). */
export const VERIFIER_LENGTH = saltLength + 32;

/**
 * What is stored to recognise a customer's key (SSE-C) later: a salted hash from which neither that key nor the file
 * key can be recovered. The salt is random per file unless given, which is for known-answer tests.
 *
 * @throws EnvelopeError `wrong_key` unless the customer's key has 32 bytes; `malformed` for a file id that is not
 * visible ASCII.
 */
export function makeCustomerKeyVerifier(
  customerKey: SecretBytes,
  fileId: string,
  salt: Uint8Array = publicRandomBytes(saltLength),
): Uint8Array {
  if (customerKey.length !== keyLength)
    throw new EnvelopeError('wrong_key', `A customer key has ${keyLength} bytes, not ${customerKey.length}`);
  if (salt.length !== saltLength) throw new RangeError(`A verifier's salt has ${saltLength} bytes, not ${salt.length}`);
  const message = concatBytes([
    labelledContext('coffer/customer-key/v1', ''),
    salt,
    ascii(requireId('file id', fileId)),
  ]);
  const hash = customerKey.expose((key) => createHmac('sha256', key).update(message).digest());
  return concatBytes([salt, hash]);
}

/**
 * Whether `customerKey` is the key that the verifier was made with for this file; compared in constant time. A key that
 * does not have 32 bytes is not.
 *
 * @throws EnvelopeError `malformed` if the verifier does not have 48 bytes or the file id is not visible ASCII.
 */
export function checkCustomerKey(verifier: Uint8Array, customerKey: SecretBytes, fileId: string): boolean {
  if (verifier.length !== VERIFIER_LENGTH)
    throw new EnvelopeError('malformed', `A verifier has ${VERIFIER_LENGTH} bytes, not ${verifier.length}`);
  if (customerKey.length !== keyLength) return false;
  return constantTimeEqual(verifier, makeCustomerKeyVerifier(customerKey, fileId, verifier.subarray(0, saltLength)));
}
