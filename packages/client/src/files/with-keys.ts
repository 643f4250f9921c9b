import { CustomerKeyRing } from '../encryption/customer-key-ring.ts';
import type { CustomerKeyEncryption, FileEncryption } from '../encryption/file-encryption.ts';
import { ClientError } from '../errors/client-error.ts';

/** The key of a file that exists: the one, or a ring in which it is found. */
export type ReadingKeys = FileEncryption | CustomerKeyRing;

/** What of `keys` is tried on a file with this info. Files under keys of the server need none. */
export function keysToTry(
  keys: ReadingKeys | undefined,
  file: { readonly mode: string | null; readonly fileInfo: Readonly<Record<string, string>> },
): readonly (CustomerKeyEncryption | undefined)[] {
  if (file.mode !== 'SSE-C') return [undefined];
  if (keys instanceof CustomerKeyRing) return keys.candidates(file.fileInfo);
  return keys?.mode === 'SSE-C' ? [keys] : [undefined];
}

/**
 * Runs `attempt` with one key after the other until one is not refused as the wrong one. Of a single key, the refusal
 * is passed on.
 *
 * @throws ClientError `customer_key_not_found` if there is no key, or none of several is right.
 */
export async function tryKeys<T>(
  keys: readonly (CustomerKeyEncryption | undefined)[],
  attempt: (key: CustomerKeyEncryption | undefined) => Promise<T>,
): Promise<T> {
  const [only] = keys;
  if (keys.length === 1) return attempt(only);
  let last: ClientError | undefined;
  for (const key of keys) {
    try {
      return await attempt(key);
    } catch (error) {
      // The service answers so to a wrong key, and to nothing else that a read of a file could meet.
      if (!ClientError.is(error, 'access_denied')) throw error;
      last = error;
    }
  }
  throw new ClientError('customer_key_not_found', 'None of the customer keys is that of the file', { cause: last });
}
