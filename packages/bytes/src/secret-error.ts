/**
 * Why a secret could not be used:
 *
 * - `secret_wiped`: its bytes were zeroed before;
 * - `secret_not_text`: it was to be exposed as text, and its bytes are not UTF-8.
 */
export type SecretErrorCode = 'secret_wiped' | 'secret_not_text';

/** Thrown where a secret cannot be used. It says nothing of what the secret holds. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
  readonly code: SecretErrorCode;

  constructor(code: SecretErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
