/** Part of a text, from its first character to the one behind its last. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Longer secrets are found by so many bytes of their begin, and end at the next mark that ends a value. */
const longestPattern = 512;

/** What one character of a secret, written in any way that a pattern knows, takes at most: `&#x0000;` and the like. */
const longestCharacter = 8;

/** How many bytes a secret can have in a text, which has to be searched so far behind what is shown of it. */
export const longestSpan = longestPattern * longestCharacter;

const entities: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

/**
 * Finds a secret in texts whose characters are bytes, in the ways in which protocols write values: as it is, with
 * percent-encoding, with the escapes of JSON and XML, in hex with or without separators, and within base64 at any
 * place, as in the base64 of `id:secret`. A secret that is itself the base64 of 32 bytes, as customer keys are, is also
 * found as these bytes and in hex of them.
 */
export class SecretPattern {
  readonly #values: readonly RegExp[];
  readonly #base64: readonly RegExp[];

  constructor(secret: string) {
    const whole = Buffer.from(secret);
    const bytes = whole.subarray(0, longestPattern);
    const tail = whole.length > bytes.length ? String.raw`[^\s"'<>&,;]*` : '';
    const decoded = Buffer.from(secret, 'base64');
    const forms = [written(bytes.toString('latin1')), inHex(bytes)];
    if (decoded.length === 32 && decoded.toString('base64') === secret)
      forms.push(literal(decoded.toString('latin1')), inHex(decoded));
    this.#values = forms.map((form) => new RegExp(form + tail, 'gis'));
    this.#base64 = [0, 1, 2].flatMap((shift) => base64Within(bytes, shift));
  }

  /** Where the secret is in a text; the spans may overlap. */
  find(text: string): readonly Span[] {
    const spans = (pattern: RegExp): readonly Span[] =>
      [...text.matchAll(pattern)].map(({ 0: found, index }) => ({ from: index, to: index + found.length }));
    return [...this.#values.flatMap(spans), ...this.#base64.flatMap(spans).map((span) => wholeRun(text, span))];
  }
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

function written(text: string): string {
  return Array.from(text, oneWritten).join('');
}

/** A character as it is, or in any escape that a document or a URL may have for it. */
function oneWritten(character: string): string {
  const code = character.charCodeAt(0);
  const hex = code.toString(16).padStart(2, '0');
  const entity = entities[character];
  const ways = [
    literal(character),
    `%(?:25)?${hex}`,
    String.raw`\\u00${hex}`,
    `&#0{0,2}${code};`,
    `&#x0{0,2}${hex};`,
    ...(entity === undefined ? [] : [`&${entity};`]),
    ...('/"\\'.includes(character) ? [String.raw`\\${literal(character)}`] : []),
  ];
  return `(?:${ways.join('|')})`;
}

function inHex(bytes: Buffer): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('[ :,-]?');
}

/**
 * What base64 has of the bytes wherever they stand in it, if so many bytes more than a multiple of 3 are before them:
 * the characters that depend on nothing but the bytes.
 */
function base64Within(bytes: Buffer, shift: number): readonly RegExp[] {
  const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64url');
  const first = Math.ceil((shift * 8) / 6);
  const end = Math.floor(((shift + bytes.length) * 8) / 6);
  const core = text.slice(first, end);
  // What is shorter stands in base64 of many other things.
  if (core.length < 5) return [];
  const form = Array.from(core, (character) =>
    character === '-' ? `(?:-|${oneWritten('+')})` : character === '_' ? `(?:_|${oneWritten('/')})` : character,
  );
  return [new RegExp(form.join(''), 'gs')];
}

/** All of the base64 around a part of it, since that would tell some bits of the secret's ends. */
function wholeRun(text: string, { from, to }: Span): Span {
  const isBase64 = (at: number): boolean => /[\w+/=-]/.test(text.charAt(at));
  let [first, end] = [from, to];
  while (first > 0 && isBase64(first - 1)) first--;
  while (end < text.length && isBase64(end)) end++;
  return { from: first, to: end };
}
