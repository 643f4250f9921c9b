import type { EncryptionRequest, SseMode } from './settings.ts';
import type { SseViolation } from './violation.ts';

/**
 * Whether the parameters of a read (a download, the source of a copy) fit what is stored. Says nothing about the key
 * itself: the storage finds out whether it is the right one (`customer_key_wrong`).
 *
 * SSE-B2 and none are asked of nobody who reads, so they are ignored; `lenient` ignores a customer key that is not
 * needed too.
 */
export function checkReadParameters(
  stored: SseMode,
  given: EncryptionRequest | undefined,
  options: { readonly lenient?: boolean } = {},
): SseViolation | undefined {
  const hasKey = given?.mode === 'SSE-C';
  if (stored === 'SSE-C') return hasKey ? undefined : 'customer_key_required';
  return hasKey && options.lenient !== true ? 'not_customer_encrypted' : undefined;
}

/**
 * Whether the parameters of a part (uploaded, or the destination of a copied one) fit the large file. A file of SSE-C
 * needs its key with each part; the storage finds out whether it is the same (`customer_key_mismatch`). Any other file
 * needs nothing, and SSE-B2 may be repeated.
 */
export function checkPartParameters(started: SseMode, given: EncryptionRequest | undefined): SseViolation | undefined {
  const asked = given?.mode ?? 'none';
  if (asked === started) return undefined;
  if (asked !== 'none') return 'part_encryption_mismatch';
  return started === 'SSE-C' ? 'part_customer_key_required' : undefined;
}
