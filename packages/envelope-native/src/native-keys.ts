import { createHmac } from 'node:crypto';
import type { KeyEngine } from '@coffer/envelope-crypto';
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

/** Whether it wraps to the known answer of c2sp.org/XAES-256-GCM, opens it, and derives as `node:crypto` does. */
export function keysWork(keys: KeyEngine): boolean {
  const key = Buffer.alloc(32, 3);
  const [plaintext, aad] = [Buffer.from('XAES-256-GCM'), Buffer.from('c2sp.org/XAES-256-GCM')];
  const [sealed, opened, okm] = [Buffer.alloc(52), Buffer.alloc(12), Buffer.alloc(64)];
  const hmac = (name: string, end: string): Buffer => createHmac(name, key).update(aad).update(end).digest();
  try {
    keys.wrap(key, Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWX'), plaintext, aad, sealed);
    keys.expand(key, aad, okm);
    return (
      sealed.toString('hex', 24) === '986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d' &&
      keys.unwrap(key, sealed, aad, opened) &&
      opened.equals(plaintext) &&
      !keys.unwrap(key, sealed, plaintext, opened) &&
      okm.equals(hmac('sha512', '\x01')) &&
      hmac('sha256', '').equals(keys.mac(key, aad))
    );
  } catch {
    return false;
  }
}
