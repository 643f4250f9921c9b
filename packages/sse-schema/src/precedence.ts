import type { DefaultEncryption, EncryptionRequest } from './settings.ts';

/**
 * How a new file is encrypted: what the request asks for, else the default of the bucket it goes to, else not at all,
 * or with SSE-B2 if the server encrypts by default. Asking for none never opts out of a default; only SSE-C overrides
 * one.
 *
 * Evaluated once, when an upload, a large file or a copy begins. A copy takes nothing over from its source.
 * Source: B2 docs "Server-Side Encryption", "Default bucket encryption".
 *
 * @example
 * ```ts
 * const options = { encryptByDefault: false };
 * assert.deepEqual(effectiveEncryption(undefined, 'SSE-B2', options), { mode: 'SSE-B2' });
 * assert.deepEqual(effectiveEncryption({ mode: 'none' }, 'SSE-B2', options), { mode: 'SSE-B2' });
 * assert.deepEqual(effectiveEncryption(undefined, 'none', options), { mode: 'none' });
 * ```
 */
export function effectiveEncryption(
  request: EncryptionRequest | undefined,
  bucketDefault: DefaultEncryption,
  options: { readonly encryptByDefault: boolean },
): EncryptionRequest {
  if (request !== undefined && request.mode !== 'none') return request;
  return bucketDefault === 'SSE-B2' || options.encryptByDefault ? { mode: 'SSE-B2' } : { mode: 'none' };
}

/**
 * What a bucket's default becomes when a request sets `asked`; a server that encrypts by default knows no bucket
 * without.
 */
export function effectiveDefault(
  asked: DefaultEncryption | undefined,
  options: { readonly encryptByDefault: boolean },
): DefaultEncryption {
  return options.encryptByDefault ? 'SSE-B2' : (asked ?? 'none');
}
