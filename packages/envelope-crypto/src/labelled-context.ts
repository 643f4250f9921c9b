import { EnvelopeError } from './envelope-error.ts';

// No zero byte, which separates fields, and nothing of which two spellings look alike.
const visibleAscii = /^[\x21-\x7e]+$/;
const encoder = new TextEncoder();

/** The bytes of a text that is known to be ASCII. */
export function ascii(text: string): Uint8Array {
  return encoder.encode(text);
}

/**
 * Refuses an identifier that would make a context or a record ambiguous.
 *
 * @throws EnvelopeError `malformed` unless `id` is one or more visible ASCII characters.
 */
export function requireId(what: string, id: string): string {
  if (!visibleAscii.test(id)) throw new EnvelopeError('malformed', `A ${what} must be visible ASCII without spaces`);
  return id;
}

/**
 * The fields as ASCII with a zero byte between each two: what a key or blob is bound to. No field may hold a zero byte.
 */
export function labelledContext(...fields: readonly string[]): Uint8Array {
  return ascii(fields.join('\0'));
}
