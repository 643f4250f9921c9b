import { constantTimeEqual, decodeBase64, encodeBase64, SecretBytes } from '@coffer/bytes';
import { md5 } from '@noble/hashes/legacy.js';
import { noteKey } from './refused-keys.ts';
import { accepted, refused, type SseResult } from './result.ts';

/** The one algorithm of either kind of server-side encryption. */
export const algorithm = 'AES256';

/** Length of a customer key in bytes. */
export const customerKeyLength = 32;

const md5Length = 16;
// 32 bytes are 44 characters; anything longer is refused before it is decoded.
const longestKeyText = 44;
const longestMd5Text = 24;

/** The three values that make up a customer key on the wire; `undefined` is absent. */
export interface CustomerKeyFields {
  readonly algorithm: string | undefined;
  readonly key: string | undefined;
  readonly md5: string | undefined;
}

/** How a protocol spells the three, for error messages. */
export interface CustomerKeyNames {
  readonly algorithm: string;
  readonly key: string;
  readonly md5: string;
}

const plainNames: CustomerKeyNames = { algorithm: 'algorithm', key: 'customerKey', md5: 'customerKeyMd5' };

/**
 * The key of SSE-C: 32 bytes that the caller chose and the server does not keep.
 *
 * Prints and serialises as a placeholder. The bytes are reached only through `SecretBytes.expose`. Whoever holds it
 * calls {@link CustomerKey.wipe} when the request is done.
 */
export class CustomerKey {
  readonly #key: SecretBytes;
  readonly #md5Base64: string;

  private constructor(key: SecretBytes, md5Base64: string) {
    this.#key = key;
    this.#md5Base64 = md5Base64;
  }

  /**
   * Checks the three values in this order: all present, algorithm, key, MD5. A key without its `=` padding is taken,
   * because B2 takes it, unless `padding` is `'required'` as in S3; the MD5 must be canonical base64 in both.
   */
  static parse(
    given: CustomerKeyFields,
    names: CustomerKeyNames = plainNames,
    options: { readonly padding?: 'optional' | 'required' } = {},
  ): SseResult<CustomerKey> {
    if (given.algorithm === undefined) return refused('incomplete_customer_key', names.algorithm);
    if (given.algorithm !== algorithm) return refused('unsupported_algorithm', names.algorithm);
    if (given.key === undefined) return refused('incomplete_customer_key', names.key);
    const key = decodeKey(given.key, options.padding ?? 'optional');
    if (key === undefined) return refused('malformed_customer_key', names.key);
    const result = withMd5(key, given.md5, names.md5);
    if (!result.ok) {
      key.wipe();
      return result;
    }
    const parsed = new CustomerKey(key, result.value);
    noteKey(parsed);
    return accepted(parsed);
  }

  /**
   * A key from its 32 bytes, which are copied; for clients.
   *
   * @throws RangeError if the length is another.
   */
  static fromBytes(bytes: Uint8Array): CustomerKey {
    if (bytes.length !== customerKeyLength) throw new RangeError('A customer key has exactly 32 bytes');
    return new CustomerKey(SecretBytes.copyOf(bytes), encodeBase64(md5(bytes)));
  }

  /** The 32 bytes. */
  get key(): SecretBytes {
    return this.#key;
  }

  /**
   * Base64 of the MD5 of the key, as sent. Not secret, but a fingerprint: echoed to the caller, neither stored nor
   * logged.
   */
  get md5Base64(): string {
    return this.#md5Base64;
  }

  /** Calls `use` with the padded base64 of the key: what a client puts on the wire. `use` must not keep it. */
  exposeBase64<T>(use: (text: string) => T): T {
    return this.#key.expose((bytes) => use(encodeBase64(bytes)));
  }

  /** Whether both are the same 32 bytes, compared in constant time. */
  equals(other: CustomerKey): boolean {
    return this.#key.equals(other.#key);
  }

  /** Zeroes the key. Idempotent; afterwards exposing it throws. */
  wipe(): void {
    this.#key.wipe();
  }

  toString(): string {
    return '[CustomerKey]';
  }

  toJSON(): string {
    return '[CustomerKey]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[CustomerKey]';
  }
}

function decodeKey(text: string, padding: 'optional' | 'required'): SecretBytes | undefined {
  if (text.length > longestKeyText) return undefined;
  const padded = padding === 'optional' && text.length === longestKeyText - 1 ? `${text}=` : text;
  const bytes = decodeBase64(padded);
  if (bytes === undefined) return undefined;
  const secret = SecretBytes.take(bytes);
  if (secret.length === customerKeyLength) return secret;
  secret.wipe();
  return undefined;
}

/** The MD5 as sent, if it is that of the key. */
function withMd5(key: SecretBytes, text: string | undefined, name: string): SseResult<string> {
  if (text === undefined) return refused('incomplete_customer_key', name);
  const given = text.length > longestMd5Text ? undefined : decodeBase64(text);
  if (given?.length !== md5Length) return refused('malformed_customer_key_md5', name);
  const matches = key.expose((bytes) => constantTimeEqual(md5(bytes), given));
  return matches ? accepted(text) : refused('customer_key_md5_mismatch', name);
}
