import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';

/** What must be found nowhere. Pass the bytes themselves: this is for tests, with secrets made for them. */
export interface SecretForms {
  /** Secrets by a name for the report, each at least 8 bytes, so that none is found by chance. */
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

/**
 * How a secret that is a text, and base64 of any, are written in URLs, where that is different from the plain writing.
 */
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
 * The characters that the secret alone decides when `shift` bytes (modulo 3) come before it and anything after it:
 * those that also hold bits of a neighbour are left out, and with them the padding, so that this is found with and
 * without.
 */
function alignedBase64(secret: Buffer, shift: number, encoding: 'base64' | 'base64url'): string {
  const written = Buffer.concat([Buffer.alloc(shift), secret])
    .toString(encoding)
    .replaceAll('=', '');
  const first = Math.ceil((shift * 8) / 6);
  const end = Math.floor(((shift + secret.length) * 8) / 6);
  return written.slice(first, end);
}
