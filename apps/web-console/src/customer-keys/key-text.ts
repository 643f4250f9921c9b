import { decodeBase64, decodeHex } from '@coffer/bytes';
import { CustomerKey, customerKeyLength } from '@coffer/sse-schema';

/** Longest id of a key in characters: it is sent in a header with every upload. */
const longestId = 100;
/** Bytes of the largest key file that is read. */
export const largestKeyFile = 4_096;

/** A key as it was found in a text or a file, with its id if that was there, too; or what is wrong, as a sentence. */
export type ReadKey =
  | { readonly key: CustomerKey; readonly id: string | undefined; readonly problem?: never }
  | { readonly problem: string };

const notAKey = 'A customer key is 32 bytes: 44 characters of base64, or 64 hexadecimal digits.';

/** Reads a key that was typed: base64, hexadecimal, or the JSON of a key file. Never repeats what was typed. */
export function readKeyText(text: string): ReadKey {
  const trimmed = text.trim();
  if (trimmed.startsWith('{')) return readKeyJson(trimmed);
  const bytes = bytesOf(trimmed);
  if (bytes === undefined) return { problem: notAKey };
  return keyOf(bytes, undefined);
}

/** Reads the content of a key file: what {@link readKeyText} reads, or the 32 bytes themselves. Wipes `content`. */
export function readKeyFile(content: Uint8Array): ReadKey {
  try {
    // Text of this length is no key; random bytes are never all printable.
    if (content.length === customerKeyLength && !content.every(isPrintable)) return keyOf(content.slice(), undefined);
    if (content.length > largestKeyFile) return { problem: 'This file is too large to be a key file.' };
    return readKeyText(new TextDecoder().decode(content));
  } finally {
    content.fill(0);
  }
}

/** What is wrong with the id of a key, as a sentence. */
export function keyIdProblem(id: string, known: readonly { readonly id: string }[]): string | undefined {
  if (id === '') return 'The key needs an id.';
  if (id.length > longestId) return `An id has no more than ${String(longestId)} characters.`;
  if (/\p{Cc}/u.test(id) || !id.isWellFormed()) return 'An id has no control characters.';
  if (known.some((key) => key.id === id)) return 'This tab has a key with this id already.';
  return undefined;
}

/** An id that nobody else chooses, and that one can read: `key-2026-11-30-k7xq`. */
export function newKeyId(now: Date = new Date()): string {
  // Without letters and digits that look alike.
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const chosen = [...crypto.getRandomValues(new Uint8Array(4))].map((byte) => letters[byte % letters.length]);
  return `key-${now.toISOString().slice(0, 10)}-${chosen.join('')}`;
}

/** The content of a key file. */
export function printKeyFile(id: string, key: CustomerKey, now: Date = new Date()): string {
  const about = 'Customer key (SSE-C). Without it, files that are encrypted under it are lost.';
  return key.exposeBase64(
    (base64) =>
      `${JSON.stringify({ about, id, algorithm: 'AES256', key: base64, made: now.toISOString() }, null, 2)}\n`,
  );
}

function readKeyJson(text: string): ReadKey {
  const json = parseJson(text);
  const [id, key] = [json['id'] ?? json['keyId'], json['key']];
  const bytes = typeof key === 'string' ? bytesOf(key) : undefined;
  if (bytes === undefined) return { problem: 'This JSON has no customer key in base64 as its member "key".' };
  return keyOf(bytes, typeof id === 'string' && keyIdProblem(id, []) === undefined ? id : undefined);
}

function parseJson(text: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function bytesOf(text: string): Uint8Array | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return decodeHex(text);
  // As servers take it, also without its padding.
  return decodeBase64(text.length === 43 ? `${text}=` : text);
}

function keyOf(bytes: Uint8Array, id: string | undefined): ReadKey {
  try {
    return bytes.length === customerKeyLength ? { key: CustomerKey.fromBytes(bytes), id } : { problem: notAKey };
  } finally {
    bytes.fill(0);
  }
}

function isPrintable(byte: number): boolean {
  return byte === 0x0a || byte === 0x0d || (byte >= 0x20 && byte < 0x7f);
}
