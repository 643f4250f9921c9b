import { decodeHex } from '@coffer/bytes';
import { bytesOfWireText, textOfUtf8 } from './text.ts';

const encoder = new TextEncoder();
const percent = 0x25;

/**
 * Decodes `%XX` of either case, exactly once, and reads the bytes as UTF-8. `text` is as HTTP gives it, a code unit per
 * byte, so raw UTF-8 is taken too. `+` stays a plus. Undefined for a broken sequence or bytes that are no UTF-8.
 */
export function decodePercent(text: string): string | undefined {
  const bytes = bytesOfWireText(text);
  if (bytes === undefined) return undefined;
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    if (bytes[at] !== percent) {
      bytes[length++] = bytes[at] ?? 0;
      continue;
    }
    const byte = decodeHex(text.slice(at + 1, at + 3))?.[0];
    if (byte === undefined) return undefined;
    bytes[length++] = byte;
    at += 2;
  }
  return textOfUtf8(bytes.subarray(0, length));
}

/** The same for the name or value of a query parameter, where `+` is a space. */
export function decodeQueryText(text: string): string | undefined {
  return decodePercent(text.replaceAll('+', ' '));
}

function encodeWith(plain: RegExp): (text: string) => string {
  const encoded = Array.from({ length: 256 }, (_, byte) => {
    const character = String.fromCharCode(byte);
    return plain.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  return (text) => {
    let result = '';
    for (const byte of encoder.encode(text)) result += encoded[byte] ?? '';
    return result;
  };
}

/** A key as a path, such as in the `Location` of a finished upload (RFC 3986 section 2.3, and `/`). */
export const encodePath = encodeWith(/[A-Za-z0-9\-._~/]/);

/**
 * A key or prefix of a list with `encoding-type=url` (AWS docs `ListObjects`). A space becomes `%20` and a plus `%2B`,
 * which decoders read rightly whether they take `+` for a space or not.
 */
export const encodeListed = encodeWith(/[A-Za-z0-9\-._*/]/);
