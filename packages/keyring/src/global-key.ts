import { randomBytes } from 'node:crypto';
import { SecretBytes, decodeBase64, encodeBase64 } from '@coffer/bytes';
import { EnvelopeError, openXaes, sealXaes, type MemoryGlobalKey } from '@coffer/envelope-crypto';
import type { StoredGlobalKey } from './keyring-file.ts';

const keyLength = 32;

/** A new active global key with its bytes. */
export function freshGlobalKey(createdAt: number): MemoryGlobalKey & { readonly key: SecretBytes } {
  const id = `gk_${randomBytes(8).toString('hex')}`;
  return { id, state: 'active', createdAt, key: SecretBytes.random(keyLength) };
}

/** The key as the keyring file holds it, wrapped by the root key and bound to its id. */
export function storeActiveKey(
  key: MemoryGlobalKey & { readonly key: SecretBytes },
  rootKey: SecretBytes,
): StoredGlobalKey {
  const wrapped = encodeBase64(sealXaes(rootKey, key.key, globalKeyAad(key.id)));
  return { id: key.id, state: 'active', createdAt: key.createdAt, wrapped };
}

/** The key with its bytes, or undefined if the root key does not open it. A destroyed key has no bytes to open. */
export function openStoredKey(stored: StoredGlobalKey, rootKey: SecretBytes): MemoryGlobalKey | undefined {
  const { id, state, createdAt } = stored;
  if (state === 'destroyed') return { id, state, createdAt, key: null };
  const wrapped = decodeBase64(stored.wrapped) ?? new Uint8Array(0);
  try {
    return { id, state, createdAt, key: openXaes(rootKey, wrapped, globalKeyAad(id)) };
  } catch (error) {
    if (error instanceof EnvelopeError && error.code === 'not_authentic') return undefined;
    throw error;
  }
}

function globalKeyAad(id: string): Uint8Array {
  return new TextEncoder().encode(`coffer/global-key/v1\0${id}`);
}
