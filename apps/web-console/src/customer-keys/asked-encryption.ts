import type { ChosenEncryption } from './encryption-choice.tsx';

/** What the server can be asked for. It has no way to be asked for none: that is asking for nothing. */
export type AskedEncryption = Exclude<ChosenEncryption, { mode: 'none' }>;

/**
 * What the server is asked for. Where the default of the bucket is known to be SSE-B2, that is asked for by its name:
 * otherwise it would be stored in clear if the default was turned off meanwhile, or if a large file that was begun
 * before the default was turned on is continued.
 *
 * @param defaultMode Of the bucket; undefined if the key may not see it.
 */
export function askedEncryption(
  chosen: ChosenEncryption,
  defaultMode: 'SSE-B2' | 'SSE-C' | 'none' | undefined,
): AskedEncryption {
  if (chosen.mode === 'none') return { mode: 'default' };
  return chosen.mode === 'default' && defaultMode === 'SSE-B2' ? { mode: 'SSE-B2' } : chosen;
}
