/** Part of a text, from its first character to the one behind its last. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Characters of the text that one can take, in any way in which {@link readingsOf} reads it, such as `%26#x0041;`. */
export const longestCharacter = 16;

/** A way in which somebody may read a text, and where in the text each of its characters stands. */
export class Reading {
  readonly text: string;
  /** Places of the characters, begin and end; undefined where they are those of the text itself. */
  readonly #from: readonly number[] | undefined;
  readonly #to: readonly number[] | undefined;

  constructor(text: string, from?: readonly number[], to?: readonly number[]) {
    this.text = text;
    this.#from = from;
    this.#to = to;
  }

  /** Where in the text something of a length above 0 is that stands in this reading. */
  find(what: string): readonly Span[] {
    const found: Span[] = [];
    for (let at = this.text.indexOf(what); at !== -1; at = this.text.indexOf(what, at + what.length))
      found.push(this.spanOf(at, at + what.length));
    return found;
  }

  spanOf(from: number, to: number): Span {
    return { from: this.#from?.[from] ?? from, to: this.#to?.[to - 1] ?? to };
  }

  /** The same characters, each written in another way. */
  mapped(map: (text: string) => string): Reading {
    return new Reading(map(this.text), this.#from, this.#to);
  }

  /** A reading in which what a pattern matches is one other character each, or none. */
  replacing(pattern: RegExp, by: (match: RegExpExecArray) => string): Reading {
    let text = '';
    const [from, to]: [number[], number[]] = [[], []];
    const add = (character: string, { from: first, to: end }: Span): void => {
      text += character;
      from.push(first);
      to.push(end);
    };
    const addPlain = (first: number, end: number): void => {
      for (let at = first; at < end; at++) add(this.text.charAt(at), this.spanOf(at, at + 1));
    };
    let done = 0;
    for (const match of this.text.matchAll(pattern)) {
      addPlain(done, match.index);
      done = match.index + match[0].length;
      const character = by(match);
      if (character !== '') add(character, this.spanOf(match.index, done));
    }
    addPlain(done, this.text.length);
    return new Reading(text, from, to);
  }
}

/** Escapes of URLs, of JSON and of XML for one byte. */
const escape =
  /%([\da-f]{2})|\\u00([\da-f]{2})|&#x0{0,2}([\da-f]{2});|&#0?(\d{2,3});|&(amp|lt|gt|quot|apos);|\\([/"\\])/gi;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** A text whose characters are bytes as it is, and with its escapes read, once and twice. */
export function readingsOf(text: string): readonly Reading[] {
  const readings = [new Reading(text)];
  for (let times = 0; times < 2; times++) {
    const last = readings.at(-1);
    if (last === undefined || !/[%\\&]/.test(last.text)) break;
    readings.push(last.replacing(escape, unescaped));
  }
  return readings;
}

/** The texts of {@link readingsOf}, for whoever need not know where something stands in them: much faster. */
export function textsOf(text: string): readonly string[] {
  const texts = [text];
  for (let last = text; texts.length < 3 && /[%\\&]/.test(last); texts.push(last))
    last = last.replace(escape, (...match) => unescaped(match.slice(0, -2) as (string | undefined)[]));
  return texts;
}

function unescaped([whole = '', percent, unicode, hex, decimal, entity, slashed]: readonly (
  string | undefined
)[]): string {
  const digits = percent ?? unicode ?? hex;
  if (digits !== undefined) return String.fromCharCode(Number.parseInt(digits, 16));
  if (decimal !== undefined) return Number(decimal) < 256 ? String.fromCharCode(Number(decimal)) : '?';
  return (entity === undefined ? slashed : entities[entity.toLowerCase()]) ?? whole.charAt(0);
}
