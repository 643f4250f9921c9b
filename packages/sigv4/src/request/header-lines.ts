import { invalidArgument } from './sigv4-error.ts';

/** One header field line, its value as it was received: one byte per code unit. */
export type HeaderPair = readonly [name: string, value: string];

/** What a field value may hold (RFC 9110 section 5.5), one byte per code unit. */
const notInValue = /[^\t\x20-\x7e\x80-\xff]/;
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Header field lines by name, in the order in which they came, duplicates kept. */
export class HeaderLines {
  readonly #values = new Map<string, string[]>();

  constructor(pairs: Iterable<HeaderPair>) {
    for (const [name, value] of pairs) {
      const key = name.toLowerCase();
      const values = this.#values.get(key);
      if (values === undefined) this.#values.set(key, [value]);
      else values.push(value);
    }
  }

  /** The names, in lower case, each once. */
  get names(): Iterable<string> {
    return this.#values.keys();
  }

  /** All values of a name in lower case, trimmed of outer white space. */
  all(name: string): readonly string[] {
    return (this.#values.get(name) ?? []).map(trimmed);
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /**
   * The header as it is signed: values trimmed, runs of spaces made one, lines of one name joined by commas.
   *
   * @throws SigV4Error `InvalidArgument` for a character that no header can have.
   */
  canonicalValue(name: string): string {
    const values = this.#values.get(name) ?? [];
    for (const value of values) requireFieldValue(name, value);
    return values.map((value) => trimmed(value.replace(/ {2,}/g, ' '))).join(',');
  }
}

/** Whether text is a header's or a method's name (RFC 9110 section 5.6.2). */
export function isToken(text: string): boolean {
  return token.test(text);
}

/** @throws SigV4Error `InvalidArgument` for a character that no header can have. */
export function requireFieldValue(name: string, value: string): void {
  if (notInValue.test(value)) throw invalidArgument('A header has characters that no header may have.', name);
}

/** Without spaces and tabs at its ends. Not by a pattern: one takes quadratic time for many spaces in the middle. */
export function trimmed(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isBlank(value.charCodeAt(start))) start++;
  while (end > start && isBlank(value.charCodeAt(end - 1))) end--;
  return value.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
