/** One component of a key: text is ordered by its UTF-8 bytes, a number (0 … 2^53 − 1) by value. */
export type KeyPart = string | number | Descending;

/** A number ordered from large to small, so that the newest of something comes first. */
export interface Descending {
  readonly descending: number;
}

const textEncoder = new TextEncoder();
const maximum = Number.MAX_SAFE_INTEGER;
const textEnd = [0, 1];
const numberLength = 8;

/** Buffer in which keys are put together. Every request makes several keys, and most fit in here. */
const shared = new Uint8Array(4_096);

/**
 * The key of a record: its components, one after the other, such that comparing the bytes compares the components.
 *
 * Text is its UTF-8 bytes with each 0x00 followed by 0xC3 0xBF, closed by 0x00 0x01; a number is 8 bytes, big-endian. A
 * key that begins with the same components begins with the same bytes, so {@link prefixRange} of some components covers
 * exactly the keys that continue them.
 *
 * @throws RangeError for a number that is negative, fractional or too large.
 *
 * @example
 * ```ts
 * const { start, end } = prefixRange(recordKey('bucket1'));
 * const key = recordKey('bucket1', 'a/b.txt', 7);
 * assert.ok(compareKeys(start, key) < 0 && compareKeys(key, end) < 0);
 * ```
 */
export function recordKey(...parts: readonly KeyPart[]): Uint8Array {
  const room = parts.reduce<number>((sum, part) => sum + longestLength(part), 0);
  const place = room <= shared.length ? shared : new Uint8Array(room);
  let length = 0;
  for (const part of parts) length += writePart(place.subarray(length), part);
  return place.slice(0, length);
}

/**
 * The key's components followed by the beginning of one more text: covers every key whose next component starts with
 * `text`. Not a key of its own; used as a bound.
 */
export function textPrefixKey(parts: readonly KeyPart[], text: string): Uint8Array {
  const whole = recordKey(...parts, text);
  return whole.subarray(0, whole.length - 2);
}

/** The keys that begin with `prefix`: from it (inclusive) up to `end` (exclusive; undefined: no upper bound). */
export function prefixRange(prefix: Uint8Array): { start: Uint8Array; end: Uint8Array | undefined } {
  return { start: prefix, end: afterPrefix(prefix) };
}

/** The smallest byte string greater than every one that begins with `prefix`; undefined if there is none. */
export function afterPrefix(prefix: Uint8Array): Uint8Array | undefined {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length--;
  if (length === 0) return undefined;
  const end = prefix.slice(0, length);
  end[length - 1] = (end[length - 1] ?? 0) + 1;
  return end;
}

/** The smallest byte string greater than `key` itself. */
export function afterKey(key: Uint8Array): Uint8Array {
  const after = new Uint8Array(key.length + 1);
  after.set(key);
  return after;
}

/** Bytewise order: negative, zero or positive as `a` is before, equal to or after `b`. */
export function compareKeys(a: Uint8Array, b: Uint8Array): number {
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** The most bytes that a component can take. */
function longestLength(part: KeyPart): number {
  // A code unit is up to three bytes of UTF-8, and so is a 0x00 with what follows it.
  return typeof part === 'string' ? 3 * part.length + textEnd.length : numberLength;
}

/** Writes a component to the beginning of `place`; returns its length. */
function writePart(place: Uint8Array, part: KeyPart): number {
  if (typeof part === 'string') return writeText(place, part);
  return writeNumber(place, typeof part === 'number' ? checkNumber(part) : maximum - checkNumber(part.descending));
}

function writeText(place: Uint8Array, text: string): number {
  const escaped = text.includes('\u0000') ? text.replaceAll('\u0000', '\u0000\u00ff') : text;
  const { written } = textEncoder.encodeInto(escaped, place);
  place.set(textEnd, written);
  return written + textEnd.length;
}

function writeNumber(place: Uint8Array, value: number): number {
  let rest = value;
  for (let at = numberLength - 1; at >= 0; at--) {
    place[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return numberLength;
}

function checkNumber(value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new RangeError(`A key's number must be an integer from 0 to 2^53 - 1, not ${value}`);
}
