// The index of each digit is its value.
const hexDigits = asciiCodes('0123456789abcdef');
const base64Digits = asciiCodes('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const hexValues = valuesOf(hexDigits, asciiCodes('0123456789ABCDEF'));
const base64Values = valuesOf(base64Digits);

const padding = 0x3d;
/**
 * Stands for a character that is no digit. It is greater than the value of any digit, so that one comparison finds it.
 */
const noDigit = 0xff;
const ascii = new TextDecoder();

/** Lower-case hexadecimal. */
export function encodeHex(bytes: Uint8Array): string {
  const codes = new Uint8Array(bytes.length * 2);
  let at = 0;
  for (const byte of bytes) {
    codes[at++] = codeAt(hexDigits, byte >> 4);
    codes[at++] = codeAt(hexDigits, byte & 15);
  }
  return ascii.decode(codes);
}

/** The bytes of an even-length hexadecimal text of either case, or undefined for any other text. */
export function decodeHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const high = valueAt(hexValues, text, 2 * i);
    const low = valueAt(hexValues, text, 2 * i + 1);
    if ((high | low) > 15) return undefined;
    bytes[i] = (high << 4) | low;
  }
  return bytes;
}

/** Standard base64 with padding (RFC 4648 section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  const codes = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(padding);
  let at = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (codeAt(bytes, i) << 16) | (codeAt(bytes, i + 1) << 8) | codeAt(bytes, i + 2);
    const digits = Math.min(3, bytes.length - i) + 1;
    for (let digit = 0; digit < digits; digit++) {
      codes[at + digit] = codeAt(base64Digits, (group >> (18 - 6 * digit)) & 63);
    }
    at += 4;
  }
  return ascii.decode(codes);
}

/**
 * The bytes of a canonical, padded base64 text (RFC 4648 section 4), or undefined for any other text. Canonical: no
 * white space, no missing or surplus padding, no set bits behind the last byte.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padded = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const digits = text.length - padded;
  const bytes = new Uint8Array((text.length / 4) * 3 - padded);
  let group = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < digits; i++) {
    const value = valueAt(base64Values, text, i);
    if (value === noDigit) return undefined;
    group = ((group << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = group >> bits;
  }
  const surplus = group & ((1 << bits) - 1);
  return surplus === 0 ? bytes : undefined;
}

function asciiCodes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The value of each character code: its index in an alphabet. */
function valuesOf(...alphabets: readonly Uint8Array[]): Uint8Array {
  const values = new Uint8Array(128).fill(0xff);
  for (const alphabet of alphabets) for (const [value, code] of alphabet.entries()) values[code] = value;
  return values;
}

/** Behind the end the code is 0. */
function codeAt(codes: Uint8Array, index: number): number {
  return codes[index] ?? 0;
}

function valueAt(values: Uint8Array, text: string, index: number): number {
  return values[text.charCodeAt(index)] ?? noDigit;
}
