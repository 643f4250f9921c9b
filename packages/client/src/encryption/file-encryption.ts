import { SecretBytes } from '@coffer/bytes';
import { CustomerKey, customerKeyLength } from '@coffer/sse-schema';
import { ClientError } from '../errors/client-error.ts';

/** The file info entry that names the customer key of a file; B2's own SDK for Python writes and reads it as well. */
export const customerKeyIdInfo = 'sse_c_key_id';

/** Encryption under a key that the server keeps. */
export interface ServerKeyEncryption {
  readonly mode: 'SSE-B2';
}

/** Encryption under a key that only the caller has. */
export interface CustomerKeyEncryption {
  readonly mode: 'SSE-C';
  readonly customerKey: CustomerKey;
  /** Written into the file info of new files, so that the key is found again. */
  readonly keyId?: string;
}

/** How a file is, or is to be, encrypted. */
export type FileEncryption = ServerKeyEncryption | CustomerKeyEncryption;

/**
 * Asks for encryption under a key of the server.
 *
 * @example
 * ```ts
 * assert.deepEqual(sseB2(), { mode: 'SSE-B2' });
 * ```
 */
export function sseB2(): ServerKeyEncryption {
  return { mode: 'SSE-B2' };
}

/**
 * Asks for encryption under a customer key of 32 bytes, which are copied; without it, the file is lost. `id` is no
 * secret: it is written into the file's info, by which a {@link CustomerKeyRing} finds the key.
 *
 * @throws ClientError `invalid_request` if the key has another length.
 *
 * @example
 * ```ts
 * const encryption = sseC(SecretBytes.random(32), { id: 'backups-2026' });
 * assert.equal(JSON.stringify(encryption), '{"mode":"SSE-C","customerKey":"[CustomerKey]","keyId":"backups-2026"}');
 * ```
 */
export function sseC(
  key: CustomerKey | SecretBytes | Uint8Array,
  { id }: { readonly id?: string } = {},
): CustomerKeyEncryption {
  const encryption = { mode: 'SSE-C', customerKey: customerKeyOf(key) } as const;
  return id === undefined ? encryption : { ...encryption, keyId: id };
}

function customerKeyOf(key: CustomerKey | SecretBytes | Uint8Array): CustomerKey {
  if (key instanceof CustomerKey) return key;
  if (key.length !== customerKeyLength) {
    throw new ClientError('invalid_request', `A customer key has exactly ${customerKeyLength} bytes`);
  }
  return key instanceof SecretBytes ? key.expose((bytes) => CustomerKey.fromBytes(bytes)) : CustomerKey.fromBytes(key);
}

/** File info that names the key of `encryption`, and no other. */
export function withKeyId(
  info: Readonly<Record<string, string>>,
  encryption: FileEncryption | undefined,
): Record<string, string> {
  const { [customerKeyIdInfo]: _, ...others } = info;
  const keyId = encryption?.mode === 'SSE-C' ? (encryption.keyId ?? info[customerKeyIdInfo]) : undefined;
  return keyId === undefined ? others : { ...others, [customerKeyIdInfo]: keyId };
}
