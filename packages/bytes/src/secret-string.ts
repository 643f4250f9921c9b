import { SecretBytes } from './secret-bytes.ts';
import { SecretError } from './secret-error.ts';

const inspect = Symbol.for('nodejs.util.inspect.custom');
const placeholder = '[SecretString]';
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Text that must not be seen: an application key, a passphrase, an authorization token.
 *
 * Held as UTF-8 bytes, so it can be wiped; the string that {@link SecretString.expose} hands out is made for that call
 * and cannot be wiped (a runtime's strings are immutable, and it decides when to collect them).
 */
export class SecretString {
  readonly #bytes: SecretBytes;

  private constructor(bytes: SecretBytes) {
    this.#bytes = bytes;
  }

  /** A secret holding `text`; a lone surrogate, which UTF-8 cannot express, becomes U+FFFD. */
  static of(text: string): SecretString {
    return new SecretString(SecretBytes.take(encoder.encode(text)));
  }

  /**
   * A secret holding a copy of a text's UTF-8 bytes, without a string being made of them. Exposing what is not UTF-8
   * throws.
   */
  static copyOfUtf8(bytes: Uint8Array): SecretString {
    return new SecretString(SecretBytes.copyOf(bytes));
  }

  /**
   * Calls `use` with the text. `use` must not keep it.
   *
   * @throws SecretError `secret_wiped` if the secret was wiped, `secret_not_text` if it was made of bytes that are not
   * UTF-8.
   */
  expose<T>(use: (text: string) => T): T {
    return this.#bytes.expose((bytes) => use(textOf(bytes)));
  }

  /**
   * Calls `use` with the UTF-8 bytes of the text.
   *
   * @throws SecretError `secret_wiped` if the secret was wiped.
   */
  exposeBytes<T>(use: (bytes: Uint8Array) => T): T {
    return this.#bytes.expose(use);
  }

  /** Compares in a time that depends on the lengths only. */
  equals(other: SecretString): boolean {
    return this.#bytes.equals(other.#bytes);
  }

  /** Zeroes the text. Idempotent; afterwards it can no longer be exposed. */
  wipe(): void {
    this.#bytes.wipe();
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

function textOf(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new SecretError('secret_not_text', 'The bytes of the secret are not UTF-8');
  }
}
