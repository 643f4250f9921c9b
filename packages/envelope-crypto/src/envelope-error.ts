/**
 * Why something sealed could not be opened, or a key provider not be made:
 *
 * - `not_authentic`: damaged, truncated, extended, moved from elsewhere or forged;
 * - `wrong_key`: a key of a size that no key of its kind has;
 * - `unsupported_version`: written by a format version this code does not know;
 * - `malformed`: not something this format could have produced, whatever the key;
 * - `unknown_key`: the named global key does not exist, was destroyed, or may not be used for this;
 * - `invalid_keys`: global keys that no provider can have together, such as two with the same id.
 */
export type EnvelopeErrorCode =
  'not_authentic' | 'wrong_key' | 'unsupported_version' | 'malformed' | 'unknown_key' | 'invalid_keys';

/**
 * The only error of the envelope engine about data and keys. Its text names identifiers and sizes, never key or file
 * bytes.
 */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError';
  readonly code: EnvelopeErrorCode;

  constructor(code: EnvelopeErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
