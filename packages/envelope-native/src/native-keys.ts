import { typescriptKeys, type KeyEngine } from '@coffer/envelope-crypto';
import type { NativeBinding } from './native-binding.ts';

const macLength = 32;

/** The native library's work with single keys. */
export function nativeKeys(binding: NativeBinding): KeyEngine {
  return {
    expand: (key, info, okm) => {
      binding.expand(key, info, okm);
    },
    mac: (key, message) => {
      const tag = new Uint8Array(macLength);
      binding.mac(key, message, tag);
      return tag;
    },
    wrap: (key, nonce, plaintext, aad, sealed) => {
      binding.wrap(key, nonce, plaintext, aad, sealed);
    },
    unwrap: (key, sealed, aad, plaintext) => binding.unwrap(key, sealed, aad, plaintext),
  };
}

/** Whether it does what the TypeScript engine does. */
export function keysWork(keys: KeyEngine): boolean {
  try {
    const expected = answersOf(typescriptKeys);
    return answersOf(keys).every((answer, i) => Buffer.compare(answer, expected[i] ?? new Uint8Array(0)) === 0);
  } catch {
    return false;
  }
}

/** Something of each call; what is opened is what the TypeScript engine sealed. */
function answersOf(keys: KeyEngine): readonly Uint8Array[] {
  const key = Uint8Array.from({ length: 32 }, (_, i) => i);
  const [nonce, aad] = [key.slice(0, 24), key.slice(5)];
  const okm = new Uint8Array(76);
  keys.expand(key, aad, okm);
  const [sealed, reference] = [new Uint8Array(72), new Uint8Array(72)];
  keys.wrap(key, nonce, key.slice(), aad, sealed);
  typescriptKeys.wrap(key, nonce, key.slice(), aad, reference);
  const opened = new Uint8Array(32);
  const isAuthentic = keys.unwrap(key, reference, aad, opened);
  reference.fill(0xff, 71);
  const isDamaged = keys.unwrap(key, reference, aad, new Uint8Array(32));
  return [okm, keys.mac(key, aad), sealed, opened, Uint8Array.of(isAuthentic ? 1 : 0, isDamaged ? 1 : 0)];
}
