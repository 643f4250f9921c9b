import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';

/**
 * Secrets that must be found nowhere. The bytes themselves are passed, because this is for tests, whose secrets are
 * made for them.
 */
export interface SecretForms {
  /** Secrets, by the name that a report gives them. Each has at least 8 bytes, so that it is not found by chance. */
  readonly secrets: Readonly<Record<string, Uint8Array>>;
  /** Keys: like secrets, and their MD5 (as SSE-C requests carry it) must not be found either. */
  readonly keys?: Readonly<Record<string, Uint8Array>>;
}

/** One way a secret may be written down. */
export interface SecretForm {
  /** For example `file key: base64url`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Whether letters are compared without case, as in hexadecimal. */
  readonly anyCase: boolean;
}

/**
 * All forms of all secrets: raw, hexadecimal, base64 and base64url at each alignment, percent-encoded, as decimal
 * numbers; of keys also the MD5's.
 */
export function formsOf({ secrets, keys = {} }: SecretForms): readonly SecretForm[] {
  const hashed = Object.entries(keys).map(([name, key]): [string, Uint8Array] => [
    `MD5 of ${name}`,
    Uint8Array.from(createHash('md5').update(key).digest()),
  ]);
  const forms = [...Object.entries(secrets), ...Object.entries(keys), ...hashed].flatMap(([name, bytes]) =>
    formsOfOne(name, bytes),
  );
  if (forms.length === 0) throw new Error('There is no secret to search for');
  return forms;
}

function formsOfOne(name: string, secret: Uint8Array): readonly SecretForm[] {
  if (secret.length < 8) throw new Error(`${name} is too short to be searched for: ${secret.length} bytes`);
  const bytes = Buffer.from(secret);
  const text = (form: string, written: string, anyCase = false) => ({
    name: `${name}: ${form}`,
    bytes: Buffer.from(written),
    anyCase,
  });
  return [
    { name: `${name}: raw`, bytes, anyCase: false },
    text('hex', bytes.toString('hex'), true),
    ...[0, 1, 2].flatMap((shift) => [
      text(`base64, alignment ${shift}`, alignedBase64(bytes, shift, 'base64')),
      text(`base64url, alignment ${shift}`, alignedBase64(bytes, shift, 'base64url')),
    ]),
    text('decimal numbers', bytes.join(',')),
    ...percentEncoded(bytes).map(([form, written]) => text(form, written)),
  ];
}

/** The forms that differ in URLs: of a secret that is a text, and of the base64 of any secret. */
function percentEncoded(secret: Buffer): readonly [string, string][] {
  const writings = [
    ['percent-encoded', isUtf8(secret) ? secret.toString() : ''],
    ['percent-encoded base64', alignedBase64(secret, 0, 'base64')],
  ] as const;
  return writings
    .map(([form, plain]): [string, string, string] => [form, plain, encodeURIComponent(plain)])
    .filter(([, plain, encoded]) => encoded !== plain)
    .map(([form, , encoded]) => [form, encoded]);
}

/**
 * The base64 of a secret that stands behind `shift` other bytes (modulo 3) and before any others: only the characters
 * that the secret alone decides. Characters with bits of a neighbour are left out, and so is the padding, so that the
 * secret is found with and without it.
 */
function alignedBase64(secret: Buffer, shift: number, encoding: 'base64' | 'base64url'): string {
  const written = Buffer.concat([Buffer.alloc(shift), secret])
    .toString(encoding)
    .replaceAll('=', '');
  const first = Math.ceil((shift * 8) / 6);
  const end = Math.floor(((shift + secret.length) * 8) / 6);
  return written.slice(first, end);
}
