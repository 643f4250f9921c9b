import { longestCharacter, type Reading, type Span } from './readings.ts';

/** Longer secrets are found by so many bytes of their begin, and end at the next mark that ends a value. */
const longestPattern = 512;

/** How many bytes a secret can have in a text, which has to be searched so far behind what is shown of it. */
export const longestSpan = longestPattern * longestCharacter;

/** The readings of a text in which secrets are looked for, prepared once for all secrets. */
export interface SearchedText {
  readonly text: string;
  /** In small letters. */
  readonly plain: readonly Reading[];
  /** In small letters, without what separates digits. */
  readonly hex: readonly Reading[];
  /** With the alphabet of URLs. */
  readonly base64: readonly Reading[];
}

/** Prepares a text whose characters are bytes. */
export function searched(text: string, readings: readonly Reading[]): SearchedText {
  const plain = readings.map((reading) => reading.mapped((all) => all.toLowerCase()));
  return {
    ...{ text, plain },
    hex: plain.map((reading) => (/[ :,-]/.test(reading.text) ? reading.replacing(separator, () => '') : reading)),
    base64: readings.map((reading) => reading.mapped(withAlphabetOfUrls)),
  };
}

/** A text prepared for the question whether secrets are in it. */
export type SearchedTexts = Readonly<Record<'plain' | 'hex' | 'base64', readonly string[]>>;

/** The same as {@link searched} does, without places. */
export function searchedTexts(texts: readonly string[]): SearchedTexts {
  const plain = texts.map((text) => text.toLowerCase());
  return { plain, hex: plain.map((text) => text.replace(separator, '')), base64: texts.map(withAlphabetOfUrls) };
}

/** What separates digits in hex. */
const separator = /[ :,-]/g;

function withAlphabetOfUrls(text: string): string {
  return text.replaceAll('+', '-').replaceAll('/', '_');
}

/**
 * Finds a secret in texts, in the ways in which protocols write values: as it is, with percent-encoding, with the
 * escapes of JSON and XML, in hex with or without separators, and within base64 at any place, as in the base64 of
 * `id:secret`. A secret that is itself the base64 of 32 bytes, as customer keys are, is also found as these bytes and
 * in hex of them. Capital and small letters are not told apart where that does not matter.
 */
export class SecretPattern {
  readonly #plain: readonly string[];
  readonly #hex: readonly string[];
  readonly #base64: readonly string[];
  readonly #isCut: boolean;

  constructor(secret: string) {
    const whole = Buffer.from(secret);
    const bytes = whole.subarray(0, longestPattern);
    this.#isCut = whole.length > bytes.length;
    const key = Buffer.from(secret, 'base64');
    const forms = key.length === 32 && key.toString('base64') === secret ? [bytes, key] : [bytes];
    this.#plain = forms.map((form) => form.toString('latin1').toLowerCase());
    this.#hex = forms.map((form) => form.toString('hex'));
    // What is shorter stands in base64 of many other things.
    this.#base64 = [0, 1, 2].map((shift) => base64Within(bytes, shift)).filter((core) => core.length > 4);
  }

  /** Whether {@link find} would find anything. */
  isIn({ plain, hex, base64 }: SearchedTexts): boolean {
    const has = (texts: readonly string[], forms: readonly string[]): boolean =>
      texts.some((text) => forms.some((form) => text.includes(form)));
    return has(plain, this.#plain) || has(hex, this.#hex) || has(base64, this.#base64);
  }

  /** Where the secret is in a text; the spans may overlap. */
  find({ text, plain, hex, base64 }: SearchedText): readonly Span[] {
    const values = [...findEach(plain, this.#plain), ...findEach(hex, this.#hex)];
    return [
      ...(this.#isCut ? values.map((span) => wholeValue(text, span)) : values),
      ...findEach(base64, this.#base64).map((span) => wholeRun(text, span)),
    ];
  }
}

function findEach(readings: readonly Reading[], forms: readonly string[]): readonly Span[] {
  return readings.flatMap((reading) => forms.flatMap((form) => reading.find(form)));
}

/**
 * What base64 has of the bytes wherever they stand in it, if so many bytes more than a multiple of 3 are before them:
 * the characters that depend on nothing but the bytes.
 */
function base64Within(bytes: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64url');
  return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
}

/** A value of which only the begin was looked for. */
function wholeValue(text: string, { from, to }: Span): Span {
  const rest = /[\s"'<>&,;]/.exec(text.slice(to))?.index;
  return { from, to: rest === undefined ? text.length : to + rest };
}

/** All of the base64 around a part of it, since that would tell some bits of the secret's ends. */
function wholeRun(text: string, { from, to }: Span): Span {
  const isBase64 = (at: number): boolean => /[\w+/=-]/.test(text.charAt(at));
  let [first, end] = [from, to];
  while (first > 0 && isBase64(first - 1)) first--;
  while (end < text.length && isBase64(end)) end++;
  return { from: first, to: end };
}
