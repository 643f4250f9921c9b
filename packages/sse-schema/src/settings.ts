import type { CustomerKey } from './customer-key.ts';

/** The ways a file's data can be at rest, spelled as in the B2 Native API; S3 calls SSE-B2 SSE-S3. */
export const sseModes = ['none', 'SSE-B2', 'SSE-C'] as const;
/** How a file's data is at rest. */
export type SseMode = (typeof sseModes)[number];

/** What a request asks for. An absent setting is `undefined`. May hold a key: see {@link wipeEncryption}. */
export type EncryptionRequest =
  | { readonly mode: 'none' }
  | { readonly mode: 'SSE-B2' }
  | { readonly mode: 'SSE-C'; readonly customerKey: CustomerKey };

/**
 * What a response tells. Cannot hold a key. `customerKeyMd5` is the one of the request being answered, as sent, and
 * absent when that request carried none.
 */
export type EncryptionView =
  | { readonly mode: 'none' }
  | { readonly mode: 'SSE-B2' }
  | { readonly mode: 'SSE-C'; readonly customerKeyMd5?: string };

/** What a bucket applies to new files that ask for nothing. */
export type DefaultEncryption = 'none' | 'SSE-B2';

/** Zeroes the customer key of a setting, if there is one. */
export function wipeEncryption(setting: EncryptionRequest | undefined): void {
  if (setting?.mode === 'SSE-C') setting.customerKey.wipe();
}

/** The view of a file stored in `mode`, in the answer to a request that carried `given`. */
export function viewOf(mode: SseMode, given?: EncryptionRequest): EncryptionView {
  if (mode !== 'SSE-C') return { mode };
  return given?.mode === 'SSE-C' ? { mode, customerKeyMd5: given.customerKey.md5Base64 } : { mode };
}

/** Whether two settings ask for the same; keys are compared in constant time. */
export function sameEncryption(a: EncryptionRequest, b: EncryptionRequest): boolean {
  if (a.mode === 'SSE-C' && b.mode === 'SSE-C') return a.customerKey.equals(b.customerKey);
  return a.mode === b.mode;
}
