import { checksumLengths, polynomials, type CrcAlgorithm } from './algorithms.ts';

/**
 * The CRC of parts one after the other, from the CRCs and lengths of the parts, without their data: what S3 calls the
 * full-object checksum of a multipart upload. Parts of the same length as the one before cost microseconds, another
 * length some hundred; who adds thousands lets other work in between.
 *
 * @example
 * ```ts
 * const [hello, world] = ['Hello, ', 'world!'].map((text) => new TextEncoder().encode(text));
 * const combined = new CombinedCrc('CRC64NVME');
 * for (const part of [hello, world]) combined.add(await checksumOf('CRC64NVME', part), part.length);
 * const whole = new TextEncoder().encode('Hello, world!');
 * assert.deepEqual(combined.digest(), await checksumOf('CRC64NVME', whole));
 * ```
 */
export class CombinedCrc {
  readonly #bytes: number;
  readonly #field: PolynomialField;
  /** Of what was added so far; the CRC of nothing is 0. */
  #value = 0n;
  /** What moves a CRC by the length of the last part. */
  #shift: { readonly length: number; readonly factor: bigint } | undefined;

  constructor(algorithm: CrcAlgorithm) {
    this.#bytes = checksumLengths[algorithm];
    this.#field = new PolynomialField(polynomials[algorithm], BigInt(8 * this.#bytes));
  }

  /**
   * Adds the next part.
   *
   * @throws RangeError for a CRC of another length than the algorithm's, or a length that is no safe integer from 0 on.
   */
  add(crc: Uint8Array, length: number): void {
    if (crc.length !== this.#bytes) throw new RangeError(`The CRC has ${this.#bytes} bytes, not ${crc.length}`);
    if (!Number.isSafeInteger(length) || length < 0) throw new RangeError(`A part cannot have ${length} bytes`);
    if (this.#shift?.length !== length) this.#shift = { length, factor: this.#field.powerOfX(8n * BigInt(length)) };
    this.#value = this.#field.product(this.#value, this.#shift.factor) ^ numberOf(crc);
  }

  /** The CRC of all parts, big-endian. */
  digest(): Uint8Array {
    const result = new Uint8Array(this.#bytes);
    for (let at = 0; at < this.#bytes; at++)
      result[at] = Number((this.#value >> BigInt(8 * (this.#bytes - 1 - at))) & 0xffn);
    return result;
  }
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

/** Polynomials over GF(2) modulo that of a CRC. The highest bit holds the power 0. */
class PolynomialField {
  readonly #modulus: bigint;
  /** The polynomial 1. */
  readonly #one: bigint;

  constructor(modulus: bigint, width: bigint) {
    this.#modulus = modulus;
    this.#one = 1n << (width - 1n);
  }

  product(a: bigint, b: bigint): bigint {
    let sum = 0n;
    for (let bit = this.#one, term = b; bit > 0n; bit >>= 1n, term = this.#timesX(term)) if (a & bit) sum ^= term;
    return sum;
  }

  powerOfX(exponent: bigint): bigint {
    let result = this.#one;
    for (let square = this.#one >> 1n, left = exponent; left > 0n; left >>= 1n, square = this.product(square, square))
      if (left & 1n) result = this.product(result, square);
    return result;
  }

  #timesX(a: bigint): bigint {
    return a & 1n ? (a >> 1n) ^ this.#modulus : a >> 1n;
  }
}
