import { EnvelopeError } from './envelope-error.ts';

const encoder = new TextEncoder();
/** Bytes that the record of a file with one part takes. */
const firstRoom = 512;
const lengthBytes = 2;
/** Bytes of UTF-8 per code unit. */
const longestUtf8 = 3;
const loneSurrogate = /\p{Surrogate}/u;
const nothing = new Uint8Array(0);
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Writes fields one after the other: big-endian integers, and bytes preceded by their length as an unsigned 16-bit
 * integer.
 */
export class FieldWriter {
  #bytes = new Uint8Array(firstRoom);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  uint8(value: number): this {
    const start = this.#take(1);
    this.#view.setUint8(start, value);
    return this;
  }

  uint32(value: number): this {
    const start = this.#take(4);
    this.#view.setUint32(start, value);
    return this;
  }

  /**
   * The upper 11 bits are zero.
   *
   * @throws EnvelopeError `malformed` for what is no safe integer from 0 on.
   */
  uint64(value: number): this {
    if (!Number.isSafeInteger(value) || value < 0)
      throw new EnvelopeError('malformed', 'A number in the record must be an integer from 0 to 2^53 - 1');
    const start = this.#take(8);
    // Two halves: BigInts cost more than the rest of the field.
    this.#view.setUint32(start, Math.floor(value / 2 ** 32));
    this.#view.setUint32(start + 4, value % 2 ** 32);
    return this;
  }

  /** Two's complement. @throws EnvelopeError `malformed` for what is no safe integer. */
  int64(value: number): this {
    if (!Number.isSafeInteger(value))
      throw new EnvelopeError('malformed', 'A number in the record must be a safe integer');
    const start = this.#take(8);
    this.#view.setInt32(start, Math.floor(value / 2 ** 32));
    this.#view.setUint32(start + 4, value >>> 0);
    return this;
  }

  /** @throws EnvelopeError `malformed` for more than 65,535 bytes. */
  bytes(value: Uint8Array): this {
    this.#lengthOf(value.length);
    const start = this.#take(value.length);
    this.#bytes.set(value, start);
    return this;
  }

  /** Null is written as no bytes, so nothing that may be there is ever empty. */
  bytesOrNone(value: Uint8Array | null): this {
    return this.bytes(value ?? nothing);
  }

  /**
   * UTF-8, with its length in bytes.
   *
   * @throws EnvelopeError `malformed` for more than 65,535 bytes, or for a lone surrogate: it has no UTF-8 form and
   * would come back as another text.
   */
  text(value: string): this {
    const start = this.#take(0, lengthBytes + longestUtf8 * value.length);
    const { written } = encoder.encodeInto(value, this.#bytes.subarray(start + lengthBytes));
    // As many bytes as code units are ASCII; most texts are.
    if (written > value.length && loneSurrogate.test(value))
      throw new EnvelopeError('malformed', 'A text must be Unicode');
    this.#lengthOf(written);
    this.#take(written);
    return this;
  }

  /** How many there are, then each name and its text, by the bytes of the names. */
  textMap(map: Readonly<Record<string, string>>): this {
    const names = Object.keys(map).sort(compareUtf8);
    this.uint32(names.length);
    for (const name of names) this.text(name).text(map[name] ?? '');
    return this;
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #lengthOf(length: number): void {
    if (length > 0xffff) throw new EnvelopeError('malformed', `A field of ${length} bytes is too long`);
    const start = this.#take(lengthBytes);
    this.#view.setUint16(start, length);
  }

  /**
   * The place of the next `length` bytes; there is room for `room`. What they are written to may be another array after
   * it.
   */
  #take(length: number, room = length): number {
    const start = this.#length;
    if (start + room > this.#bytes.length) this.#grow(start + room);
    this.#length += length;
    return start;
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(2 * needed);
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

/**
 * Reads what {@link FieldWriter} wrote. Every method throws EnvelopeError `malformed` where the bytes run out or do not
 * fit.
 */
export class FieldReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  uint8(): number {
    return this.#view(1).getUint8(0);
  }

  uint32(): number {
    return this.#view(4).getUint32(0);
  }

  /** Refuses what is no safe integer. */
  uint64(): number {
    const value = this.#view(8).getBigUint64(0);
    if (value > Number.MAX_SAFE_INTEGER) throw new EnvelopeError('malformed', 'A size in the record is too large');
    return Number(value);
  }

  bytes(): Uint8Array {
    return this.#take(this.#view(2).getUint16(0)).slice();
  }

  bytesOrNone(): Uint8Array | null {
    const bytes = this.bytes();
    return bytes.length === 0 ? null : bytes;
  }

  /** The value whose place in `values` the next byte says. */
  oneOf<T>(what: string, values: readonly T[]): T {
    const place = this.uint8();
    const value = values[place];
    if (place >= values.length || value === undefined)
      throw new EnvelopeError('malformed', `The record names no known ${what}`);
    return value;
  }

  /** Refuses names that are not in their order, or twice there. */
  textMap(): Readonly<Record<string, string>> {
    const entries: [string, string][] = [];
    for (let left = this.uint32(); left > 0; left--) {
      const name = this.text();
      const previous = entries.at(-1)?.[0];
      if (previous !== undefined && compareUtf8(previous, name) >= 0)
        throw new EnvelopeError('malformed', 'Names in the record are not in their order');
      entries.push([name, this.text()]);
    }
    // A name may be anything, __proto__ included, and this makes every one a field of its own.
    return Object.fromEntries(entries);
  }

  /** Refuses what is not UTF-8. */
  text(): string {
    const bytes = this.bytes();
    try {
      return decoder.decode(bytes);
    } catch {
      throw new EnvelopeError('malformed', 'A text in the record is not UTF-8');
    }
  }

  /** Refuses bytes behind the last field. */
  end(): void {
    if (this.#offset < this.#bytes.length) throw new EnvelopeError('malformed', 'The record goes on behind its end');
  }

  #view(length: number): DataView {
    const bytes = this.#take(length);
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }

  #take(length: number): Uint8Array {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw new EnvelopeError('malformed', 'The record is cut off');
    const taken = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return taken;
  }
}

/**
 * Orders texts by the bytes of their UTF-8, as code points are ordered; code units differ from that where there are
 * surrogates.
 */
export function compareUtf8(a: string, b: string): number {
  for (let at = 0; at < a.length && at < b.length; at++) {
    const difference = utf8Rank(a.charCodeAt(at)) - utf8Rank(b.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Surrogates stand for what comes after all other code units. */
function utf8Rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}
