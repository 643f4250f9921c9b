import type { SecretBytes } from '@coffer/bytes';
import {
  EnvelopeError,
  checkCustomerKey,
  generateFileKey,
  makeCustomerKeyVerifier,
  unwrapFileKeyForCustomer,
  unwrapFileKeyForServer,
  wrapFileKeyForCustomer,
  wrapFileKeyForServer,
  type FileKeyContext,
  type KeyEngine,
} from '@coffer/envelope-crypto';
import type { EncryptionRequest } from '@coffer/sse-schema';
import type { StoredEncryption } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';

/** An encryption that is not sealed into a record yet. */
export type UnsealedEncryption = Omit<StoredEncryption, 'seal'>;

/** How a new version is encrypted, with its file key, which the holder wipes. */
export interface NewEncryption {
  readonly encryption: UnsealedEncryption;
  /** Null when the file is not encrypted. */
  readonly fileKey: SecretBytes | null;
}

/** A new version's encryption. Each gets a file key of its own, copies too. */
export async function makeEncryption(
  core: Core,
  request: EncryptionRequest,
  context: FileKeyContext,
): Promise<NewEncryption> {
  if (request.mode === 'none') return { encryption: await sealedOnly(core), fileKey: null };
  const fileKey = generateFileKey();
  try {
    const encryption =
      request.mode === 'SSE-C'
        ? await wrapForCustomer(core, request.customerKey.key, fileKey, context)
        : await wrapForServer(core, fileKey, context);
    return { encryption, fileKey };
  } catch (error) {
    fileKey.wipe();
    throw error;
  }
}

/** Of a version without encrypted data: it has no key, and is sealed all the same. */
export async function sealedOnly(core: Core): Promise<UnsealedEncryption> {
  return { mode: 'none', globalKeyId: await core.keys.activeKeyId(), wrappedKey: null, verifier: null };
}

/** Whether the customer's key is the one the file was stored with. A damaged verifier is an integrity failure. */
export function isCustomerKeyOf(
  encryption: UnsealedEncryption,
  customerKey: SecretBytes,
  fileId: string,
  keys?: KeyEngine,
): boolean {
  if (encryption.verifier === null) throw failures.integrity(fileId);
  try {
    return checkCustomerKey(encryption.verifier, customerKey, fileId, keys);
  } catch (error) {
    throw asReadFailure(error, fileId);
  }
}

/** The file key of a stored version, which the caller wipes; null when it is not encrypted. */
export async function unwrapFileKey(
  core: Core,
  encryption: UnsealedEncryption,
  request: EncryptionRequest | undefined,
  context: FileKeyContext,
): Promise<SecretBytes | null> {
  const { mode, wrappedKey, globalKeyId } = encryption;
  if (mode === 'none') return null;
  if (wrappedKey === null) throw failures.integrity(context.fileId);
  try {
    if (mode === 'SSE-B2') return await unwrapFileKeyForServer(core.keys, globalKeyId, wrappedKey, context);
    if (request?.mode !== 'SSE-C') throw failures.sse('customer_key_required');
    return unwrapFileKeyForCustomer(request.customerKey.key, wrappedKey, context, core.engine?.keys);
  } catch (error) {
    throw asReadFailure(error, context.fileId);
  }
}

/** What a failure of the envelope engine means to someone who reads a stored file. */
export function asReadFailure(error: unknown, fileId: string): unknown {
  if (!(error instanceof EnvelopeError)) return error;
  return error.code === 'unknown_key' ? failures.keyUnavailable(error) : failures.integrity(fileId, error);
}

async function wrapForCustomer(
  core: Core,
  customerKey: SecretBytes,
  fileKey: SecretBytes,
  context: FileKeyContext,
): Promise<UnsealedEncryption> {
  const keys = core.engine?.keys;
  return {
    mode: 'SSE-C',
    globalKeyId: await core.keys.activeKeyId(),
    wrappedKey: wrapFileKeyForCustomer(customerKey, fileKey, context, keys),
    verifier: makeCustomerKeyVerifier(customerKey, context.fileId, { keys }),
  };
}

async function wrapForServer(core: Core, fileKey: SecretBytes, context: FileKeyContext): Promise<UnsealedEncryption> {
  return underActiveKey(core, async (globalKeyId) => ({
    mode: 'SSE-B2',
    globalKeyId,
    wrappedKey: await wrapFileKeyForServer(core.keys, globalKeyId, fileKey, context),
    verifier: null,
  }));
}

/** Runs `wrap` with the active key's id, once more if another key became active in between. */
export async function underActiveKey<T>(core: Core, wrap: (globalKeyId: string) => Promise<T>): Promise<T> {
  try {
    return await wrap(await core.keys.activeKeyId());
  } catch (error) {
    if (!(error instanceof EnvelopeError && error.code === 'unknown_key')) throw error;
  }
  try {
    return await wrap(await core.keys.activeKeyId());
  } catch (error) {
    throw error instanceof EnvelopeError ? failures.keyUnavailable(error) : error;
  }
}
