import { concatBytes } from '@coffer/bytes';
import { EnvelopeError } from './envelope-error.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Writes fields one after the other: big-endian integers, and bytes preceded by their length as an unsigned 16-bit integer. */
export class FieldWriter {
  readonly #fields: Uint8Array[] = [];

  uint8(value: number): this {
    return this.#add(1, (view) => {
      view.setUint8(0, value);
    });
  }

  uint32(value: number): this {
    return this.#add(4, (view) => {
      view.setUint32(0, value);
    });
  }

  /** `value` is a safe integer, so the upper 11 bits are zero. */
  uint64(value: number): this {
    return this.#add(8, (view) => {
      view.setBigUint64(0, BigInt(value));
    });
  }

  /** @throws EnvelopeError `malformed` for more than 65,535 bytes. */
  bytes(value: Uint8Array): this {
    if (value.length > 0xffff) throw new EnvelopeError('malformed', `A field of ${value.length} bytes is too long`);
    this.#add(2, (view) => {
      view.setUint16(0, value.length);
    });
    this.#fields.push(value);
    return this;
  }

  /** UTF-8, with its length in bytes. */
  text(value: string): this {
    return this.bytes(encoder.encode(value));
  }

  finish(): Uint8Array {
    return concatBytes(this.#fields);
  }

  #add(length: number, write: (view: DataView) => void): this {
    const field = new Uint8Array(length);
    write(new DataView(field.buffer));
    this.#fields.push(field);
    return this;
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
