import type { ChosenEncryption } from '../customer-keys/encryption-choice.tsx';

/**
 * What the server is asked for. Where the default of the bucket is known to be SSE-B2, that is asked for by its name: a
 * large file that was begun before the default was turned on would be continued in clear otherwise.
 *
 * @param defaultMode Of the bucket; undefined if the key may not see it.
 */
export function askedEncryption(
  chosen: ChosenEncryption,
  defaultMode: 'SSE-B2' | 'SSE-C' | 'none' | undefined,
): ChosenEncryption {
  return chosen.mode === 'default' && defaultMode === 'SSE-B2' ? { mode: 'SSE-B2' } : chosen;
}
