import { constantTimeEqual } from './constant-time.ts';
import { SecretError } from './secret-error.ts';

const inspect = Symbol.for('nodejs.util.inspect.custom');
const placeholder = '[SecretBytes]';

/**
 * Memory that stays where it is. A JavaScript engine may keep a short array that is made by its length on the heap of
 * its objects, and move it when it collects garbage: each move leaves a copy behind that nobody can zero.
 */
function unmoved(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new ArrayBuffer(length));
}

/**
 * Bytes that must not be seen: a key, a token secret.
 *
 * The bytes live in a private field, so they are in no enumeration, spread, JSON, structured clone, string or
 * inspection. They are reached only through {@link SecretBytes.expose}, which is easy to search for.
 * {@link SecretBytes.wipe} zeroes this object's own buffer; copies made by a callee of `expose`, by the runtime or by
 * the operating system are beyond its reach.
 */
export class SecretBytes {
  readonly #bytes: Uint8Array;
  #wiped = false;

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** A secret holding a copy of `bytes`; the caller's buffer stays the caller's. */
  static copyOf(bytes: Uint8Array): SecretBytes {
    const own = unmoved(bytes.length);
    own.set(bytes);
    return new SecretBytes(own);
  }

  /** A secret that takes over `bytes`: the source buffer is zeroed after it was copied. */
  static take(bytes: Uint8Array): SecretBytes {
    const secret = SecretBytes.copyOf(bytes);
    bytes.fill(0);
    return secret;
  }

  /**
   * A secret of `length` bytes that `write` puts into its memory, which is zero before. If `write` throws, the memory
   * is zeroed and the error passes through. `write` must not keep the bytes.
   */
  static made(length: number, write: (bytes: Uint8Array) => void): SecretBytes {
    const secret = new SecretBytes(unmoved(length));
    try {
      write(secret.#bytes);
      return secret;
    } catch (error) {
      secret.wipe();
      throw error;
    }
  }

  /** A secret of `length` bytes, at most 65,536, from the platform's cryptographic random source. */
  static random(length: number): SecretBytes {
    return new SecretBytes(globalThis.crypto.getRandomValues(unmoved(length)));
  }

  /** Length in bytes; known also after wiping. */
  get length(): number {
    return this.#bytes.length;
  }

  /** Whether {@link SecretBytes.wipe} was called. */
  get wiped(): boolean {
    return this.#wiped;
  }

  /**
   * Calls `use` with the bytes themselves. `use` must neither keep nor change them.
   *
   * @throws SecretError `secret_wiped` if the secret was wiped.
   */
  expose<T>(use: (bytes: Uint8Array) => T): T {
    if (this.#wiped) throw new SecretError('secret_wiped', 'The secret was wiped and can no longer be used');
    return use(this.#bytes);
  }

  /** Compares in a time that depends on the lengths only. */
  equals(other: SecretBytes): boolean {
    return this.expose((mine) => other.expose((theirs) => constantTimeEqual(mine, theirs)));
  }

  /** Zeroes the buffer. Idempotent; afterwards {@link SecretBytes.expose} throws. */
  wipe(): void {
    this.#bytes.fill(0);
    this.#wiped = true;
  }

  toString(): string {
    return placeholder;
  }

  toJSON(): string {
    return placeholder;
  }

  [inspect](): string {
    return placeholder;
  }
}
