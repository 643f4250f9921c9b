import type { SecretBytes } from '@coffer/bytes';
import { EnvelopeError } from './envelope-error.ts';
import { FILE_KEY_LENGTH } from './file-key.ts';
import type { KeyEngine } from './key-engine.ts';
import type { KeyProvider } from './key-provider.ts';
import { labelledContext, requireId } from './labelled-context.ts';
import { XAES_OVERHEAD, openXaes, sealXaes } from './xaes.ts';

/** Bytes of a wrapped file key: nonce, encrypted key and tag. */
export const WRAPPED_KEY_LENGTH = FILE_KEY_LENGTH + XAES_OVERHEAD;

/** The file version that a wrapped key belongs to. A wrapped key opens nowhere else. */
export interface FileKeyContext {
  readonly bucketId: string;
  readonly fileId: string;
}

/**
 * The file key wrapped by a global key (SSE-B2), {@link WRAPPED_KEY_LENGTH} bytes. The file key stays the caller's to
 * wipe.
 *
 * @throws EnvelopeError `unknown_key` unless the global key is active; `wrong_key` unless the file key has 32 bytes;
 * `malformed` for ids that are not visible ASCII. Errors of an unreachable provider pass through.
 */
export async function wrapFileKeyForServer(
  provider: KeyProvider,
  globalKeyId: string,
  fileKey: SecretBytes,
  context: FileKeyContext,
): Promise<Uint8Array> {
  requireFileKey(fileKey);
  return provider.wrap(globalKeyId, fileKey, serverAad(globalKeyId, context));
}

/**
 * Opens what {@link wrapFileKeyForServer} made. The result is the caller's to wipe.
 *
 * @throws EnvelopeError `unknown_key` if the global key is gone; `malformed` for another length; `not_authentic` if it
 * was changed or belongs to another file, bucket, global key or mode. Errors of an unreachable provider pass through.
 */
export async function unwrapFileKeyForServer(
  provider: KeyProvider,
  globalKeyId: string,
  wrappedKey: Uint8Array,
  context: FileKeyContext,
): Promise<SecretBytes> {
  requireWrappedKey(wrappedKey);
  return provider.unwrap(globalKeyId, wrappedKey, serverAad(globalKeyId, context));
}

/**
 * The file key wrapped by a customer's key (SSE-C), {@link WRAPPED_KEY_LENGTH} bytes. Both keys stay the caller's to
 * wipe. `keys`: the TypeScript engine by default.
 *
 * @throws EnvelopeError `wrong_key` unless both keys have 32 bytes; `malformed` for ids that are not visible ASCII.
 */
export function wrapFileKeyForCustomer(
  customerKey: SecretBytes,
  fileKey: SecretBytes,
  context: FileKeyContext,
  keys?: KeyEngine,
): Uint8Array {
  requireFileKey(fileKey);
  return sealXaes(customerKey, fileKey, fileKeyAad('SSE-C', '', context), { keys });
}

/**
 * Opens what {@link wrapFileKeyForCustomer} made. The result is the caller's to wipe. Check the customer's key against
 * its verifier first ({@link checkCustomerKey}): only then does a failure here mean damage.
 * `keys`: the TypeScript engine by default.
 *
 * @throws EnvelopeError `not_authentic` if it was changed, belongs to another file, bucket or mode, or the customer's
 * key is another; `malformed` for another length; `wrong_key` unless the customer's key has 32 bytes.
 */
export function unwrapFileKeyForCustomer(
  customerKey: SecretBytes,
  wrappedKey: Uint8Array,
  context: FileKeyContext,
  keys?: KeyEngine,
): SecretBytes {
  requireWrappedKey(wrappedKey);
  return openXaes(customerKey, wrappedKey, fileKeyAad('SSE-C', '', context), { keys });
}

function serverAad(globalKeyId: string, context: FileKeyContext): Uint8Array {
  return fileKeyAad('SSE-B2', requireId('global key id', globalKeyId), context);
}

function fileKeyAad(mode: 'SSE-B2' | 'SSE-C', globalKeyId: string, context: FileKeyContext): Uint8Array {
  const bucketId = requireId('bucket id', context.bucketId);
  return labelledContext('coffer/file-key/v1', mode, globalKeyId, bucketId, requireId('file id', context.fileId));
}

function requireFileKey(fileKey: SecretBytes): void {
  if (fileKey.length !== FILE_KEY_LENGTH)
    throw new EnvelopeError('wrong_key', `A file key has ${FILE_KEY_LENGTH} bytes, not ${fileKey.length}`);
}

function requireWrappedKey(wrappedKey: Uint8Array): void {
  if (wrappedKey.length !== WRAPPED_KEY_LENGTH)
    throw new EnvelopeError('malformed', `A wrapped key has ${WRAPPED_KEY_LENGTH} bytes, not ${wrappedKey.length}`);
}
