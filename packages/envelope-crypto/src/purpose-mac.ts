import { createHmac } from 'node:crypto';
import type { SecretBytes } from '@coffer/bytes';
import { hkdfExpandSha512 } from './hkdf-expand.ts';
import type { MacPurpose } from './key-provider.ts';
import { ascii } from './labelled-context.ts';

/**
 * The checksum that {@link KeyProvider.mac} promises, for providers that have the key's bytes at hand: HMAC-SHA-256 keyed with
 * HKDF-Expand-SHA512(`globalKey`, `purpose`, 32 bytes). 32 bytes. `docs/format.md`, "Checksums with a global key".
 */
export function purposeMac(globalKey: SecretBytes, purpose: MacPurpose, message: Uint8Array): Uint8Array {
  const key = globalKey.expose((bytes) => hkdfExpandSha512(bytes, ascii(purpose), 32));
  try {
    return new Uint8Array(createHmac('sha256', key).update(message).digest());
  } finally {
    key.fill(0);
  }
}
