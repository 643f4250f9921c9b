/** One header field line: the name as it was written, and its value. */
export type HeaderPair = readonly [name: string, value: string];

/** A header value to set: several values make several field lines, undefined makes none. */
export type HeaderValue = string | number | readonly string[] | undefined;

/**
 * Headers in any form: a list, pairs, `Headers`, a record, or Node's `headers` object. The last three have already
 * joined or dropped headers that came more than once.
 */
export type HeaderSource = HeaderList | Iterable<HeaderPair> | Readonly<Record<string, HeaderValue>>;

/**
 * Header field lines in the order in which they came, duplicates kept. Names are compared without regard to case
 * (RFC 9110 section 5.1). Values are as received: a code unit per byte, not yet decoded from any encoding.
 */
export class HeaderList {
  readonly pairs: readonly HeaderPair[];
  readonly #names: readonly string[];

  constructor(pairs: readonly HeaderPair[]) {
    this.pairs = pairs;
    this.#names = pairs.map(([name]) => name.toLowerCase());
  }

  /** The headers of any source; a list is its own. */
  static from(source: HeaderSource): HeaderList {
    if (source instanceof HeaderList) return source;
    return new HeaderList(isIterable(source) ? [...source] : headerPairs(source));
  }

  /** The value of the first line of that name. Where a second line matters, ask {@link HeaderList.getAll}. */
  get(name: string): string | undefined {
    return this.pairs[this.#names.indexOf(name.toLowerCase())]?.[1];
  }

  /** The values of all lines of that name, in order. */
  getAll(name: string): readonly string[] {
    const wanted = name.toLowerCase();
    return this.pairs.filter((_, index) => this.#names[index] === wanted).map(([, value]) => value);
  }

  has(name: string): boolean {
    return this.#names.includes(name.toLowerCase());
  }
}

/** A record as field lines: `{ a: ['1', '2'], b: 3 }` is three lines. */
export function headerPairs(record: Readonly<Record<string, HeaderValue>>): HeaderPair[] {
  return Object.entries(record).flatMap(([name, value]) => valuesOf(value).map((line) => [name, line] as const));
}

function isIterable(
  source: Iterable<HeaderPair> | Readonly<Record<string, HeaderValue>>,
): source is Iterable<HeaderPair> {
  return Symbol.iterator in source;
}

function valuesOf(value: HeaderValue): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'object' ? value : [String(value)];
}
