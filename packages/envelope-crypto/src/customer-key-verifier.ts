import { concatBytes, constantTimeEqual, publicRandomBytes, type SecretBytes } from '@coffer/bytes';
import { EnvelopeError } from './envelope-error.ts';
import type { KeyEngine } from './key-engine.ts';
import { ascii, labelledContext, requireId } from './labelled-context.ts';
import { typescriptKeys } from './typescript-keys.ts';

const keyLength = 32;
const saltLength = 16;
const label = labelledContext('coffer/customer-key/v1', '');

/** Bytes of a verifier: salt(16) ‖ HMAC-SHA-256(32). */
export const VERIFIER_LENGTH = saltLength + 32;

/**
 * What is stored to recognise a customer's key (SSE-C) later: a salted hash from which neither that key nor the file
 * key can be recovered. The salt is random per file unless given, which is for known-answer tests. `keys`: the
 * TypeScript engine by default.
 *
 * @throws EnvelopeError `wrong_key` unless the customer's key has 32 bytes; `malformed` for a file id that is not
 * visible ASCII.
 */
export function makeCustomerKeyVerifier(
  customerKey: SecretBytes,
  fileId: string,
  { salt = publicRandomBytes(saltLength), keys = typescriptKeys }: VerifierOptions = {},
): Uint8Array {
  if (customerKey.length !== keyLength)
    throw new EnvelopeError('wrong_key', `A customer key has ${keyLength} bytes, not ${customerKey.length}`);
  if (salt.length !== saltLength) throw new RangeError(`A verifier's salt has ${saltLength} bytes, not ${salt.length}`);
  const message = concatBytes([label, salt, ascii(requireId('file id', fileId))]);
  const hash = customerKey.expose((key) => keys.mac(key, message));
  return concatBytes([salt, hash]);
}

/** How {@link makeCustomerKeyVerifier} makes one. */
export interface VerifierOptions {
  readonly salt?: Uint8Array;
  readonly keys?: KeyEngine | undefined;
}

/**
 * Whether `customerKey` is the key that the verifier was made with for this file; compared in constant time. A key that
 * does not have 32 bytes is not.
 *
 * @throws EnvelopeError `malformed` if the verifier does not have 48 bytes or the file id is not visible ASCII.
 */
export function checkCustomerKey(
  verifier: Uint8Array,
  customerKey: SecretBytes,
  fileId: string,
  keys?: KeyEngine,
): boolean {
  if (verifier.length !== VERIFIER_LENGTH)
    throw new EnvelopeError('malformed', `A verifier has ${VERIFIER_LENGTH} bytes, not ${verifier.length}`);
  if (customerKey.length !== keyLength) return false;
  const salt = verifier.subarray(0, saltLength);
  return constantTimeEqual(verifier, makeCustomerKeyVerifier(customerKey, fileId, { salt, keys }));
}
