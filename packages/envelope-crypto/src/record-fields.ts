import { EnvelopeError } from './envelope-error.ts';

const encoder = new TextEncoder();
/** Bytes that the record of a file with one part takes. */
const firstRoom = 512;
const lengthBytes = 2;
/** Bytes of UTF-8 per code unit. */
const longestUtf8 = 3;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Writes fields one after the other: big-endian integers, and bytes preceded by their length as an unsigned 16-bit integer. */
export class FieldWriter {
  #bytes = new Uint8Array(firstRoom);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  uint8(value: number): this {
    this.#view.setUint8(this.#take(1), value);
    return this;
  }

  uint32(value: number): this {
    this.#view.setUint32(this.#take(4), value);
    return this;
  }

  /** `value` is a safe integer, so the upper 11 bits are zero. */
  uint64(value: number): this {
    this.#view.setBigUint64(this.#take(8), BigInt(value));
    return this;
  }

  /** @throws EnvelopeError `malformed` for more than 65,535 bytes. */
  bytes(value: Uint8Array): this {
    this.#lengthOf(value.length);
    this.#bytes.set(value, this.#take(value.length));
    return this;
  }

  /** UTF-8, with its length in bytes. */
  text(value: string): this {
    const start = this.#take(0, lengthBytes + longestUtf8 * value.length);
    const { written } = encoder.encodeInto(value, this.#bytes.subarray(start + lengthBytes));
    this.#lengthOf(written);
    this.#take(written);
    return this;
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #lengthOf(length: number): void {
    if (length > 0xffff) throw new EnvelopeError('malformed', `A field of ${length} bytes is too long`);
    this.#view.setUint16(this.#take(lengthBytes), length);
  }

  /** The place of the next `length` bytes; there is room for `room`. */
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

/** Reads what {@link FieldWriter} wrote. Every method throws EnvelopeError `malformed` where the bytes run out or do not fit. */
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
