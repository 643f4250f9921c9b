import { decodeBase64, decodeHex } from '@coffer/bytes';
import { textOfUtf8 } from './text.ts';

const words = /=\?([\w-]{1,40})\?([BbQq])\?([!-><-~]*)\?=/g;
const encoder = new TextEncoder();

/**
 * Decodes the encoded words (RFC 2047) in a header value: UTF-8, US-ASCII and ISO-8859-1, in either encoding. White
 * space between two of them is dropped. What is no word of these, or broken, stays as it is.
 */
export function decodeWords(text: string): string {
  let result = '';
  let end = 0;
  let afterWord = false;
  for (const match of text.matchAll(words)) {
    const decoded = decodeWord(match[1] ?? '', match[2] ?? '', match[3] ?? '');
    const between = text.slice(end, match.index);
    const isJoined = afterWord && decoded !== undefined && /^[ \t]+$/.test(between);
    result += (isJoined ? '' : between) + (decoded ?? match[0]);
    end = match.index + match[0].length;
    afterWord = decoded !== undefined;
  }
  return result + text.slice(end);
}

function decodeWord(charset: string, encoding: string, text: string): string | undefined {
  const bytes = encoding.toUpperCase() === 'B' ? decodeBase64(text) : decodeQ(text);
  if (bytes === undefined) return undefined;
  switch (charset.toLowerCase()) {
    case 'utf-8':
      return textOfUtf8(bytes);
    case 'us-ascii':
      return bytes.every((byte) => byte < 0x80) ? textOfUtf8(bytes) : undefined;
    case 'iso-8859-1':
      return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
    default:
      return undefined;
  }
}

function decodeQ(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character !== '=') {
      bytes[length++] = character === '_' ? 0x20 : text.charCodeAt(at);
      continue;
    }
    const byte = decodeHex(text.slice(at + 1, at + 3))?.[0];
    if (byte === undefined) return undefined;
    bytes[length++] = byte;
    at += 2;
  }
  return bytes.subarray(0, length);
}

/**
 * The text as one encoded word of UTF-8. It is not split at 75 characters, as RFC 2047 wants for mail: S3 does not do
 * that either, and clients do not join words.
 */
export function encodeWord(text: string): string {
  let encoded = '';
  for (const byte of encoder.encode(text)) {
    const character = String.fromCharCode(byte);
    if (/[A-Za-z0-9!*+\-/]/.test(character)) encoded += character;
    else encoded += byte === 0x20 ? '_' : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return `=?UTF-8?Q?${encoded}?=`;
}
