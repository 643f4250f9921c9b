import { decodeHex } from '@coffer/bytes';

// B2 docs "String Encoding", table of the test cases: these characters are not encoded.
const plain = /[A-Za-z0-9._\-/~!$'()*;=:@]/;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const percent = 0x25;
const space = 0x20;

const encodedBytes = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return plain.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
});

/**
 * Percent-encodes the UTF-8 of `text` for a header, a path or a query (B2 docs "String Encoding"). `/` is not encoded.
 * A space becomes `%20`, which every decoder understands, unlike `+`. A lone surrogate, which UTF-8 cannot hold,
 * becomes U+FFFD.
 */
export function encodePercent(text: string): string {
  let encoded = '';
  for (const byte of encoder.encode(text)) encoded += encodedBytes[byte] ?? '';
  return encoded;
}

/**
 * Decodes `%XX` of either case, and `+` to a space, as B2 does in headers, paths and queries alike. Undefined if there
 * is a broken sequence, a raw character that is not printable ASCII, or if the bytes are not UTF-8.
 */
export function decodePercent(text: string): string | undefined {
  const bytes = decodeBytes(text);
  if (bytes === undefined) return undefined;
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

function decodeBytes(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < space || code > 0x7e) return undefined;
    if (code !== percent) {
      bytes[length++] = text[at] === '+' ? space : code;
      continue;
    }
    const byte = decodeHex(text.slice(at + 1, at + 3))?.[0];
    if (byte === undefined) return undefined;
    bytes[length++] = byte;
    at += 2;
  }
  return bytes.subarray(0, length);
}
