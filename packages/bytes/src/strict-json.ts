/** Deepest nesting that is read: requests, keyrings and settings have less than ten levels. */
const deepest = 64;
/** The most characters of a key that are shown in a path, since a client may send keys of any length. */
const longestShownKey = 64;
/** An object with more keys than this has them in a set, for fast lookup. */
const keysInList = 16;

/**
 * Why a text is refused.
 *
 * - `syntax`: it is not JSON (RFC 8259).
 * - `duplicate_key`: an object has the key twice, so that two readers may each take another value.
 * - `forbidden_key`: the key is `__proto__`, which many operations of JavaScript take for an object's prototype.
 * - `too_deep`: arrays and objects are nested more than 64 levels deep.
 * - `too_many`: there are more values, or more keys in an object, than the reader asked for.
 */
export type StrictJsonProblem = 'syntax' | 'duplicate_key' | 'forbidden_key' | 'too_deep' | 'too_many';

/** How many values and keys a text may have; a text with more is refused before any value is made. */
export interface StrictJsonLimits {
  /** Values at all depths together. Default: any number. */
  readonly values?: number;
  /** Keys of one object. Default: any number. */
  readonly keys?: number;
}

/** The value of a text, or what is wrong with it. */
export type StrictJsonResult =
  | { readonly ok: true; readonly value: unknown }
  /**
   * `path` says where, as `rules[2].name`; each key in it is cut to 64 characters. Empty for `syntax`. `message` says
   * path and problem in words. Neither of the two holds a value.
   */
  | { readonly ok: false; readonly problem: StrictJsonProblem; readonly path: string; readonly message: string };

const messages: Readonly<Record<StrictJsonProblem, (path: string) => string>> = {
  syntax: () => 'not JSON',
  duplicate_key: (path) => `${path}: the key is given more than once`,
  forbidden_key: (path) => `${path}: a key must not be named __proto__`,
  too_deep: (path) => `${path}: nested more than ${deepest} levels deep`,
  too_many: (path) => (path === '' ? 'too many values' : `${path}: too many values`),
};

function refused(problem: StrictJsonProblem, path: string): StrictJsonResult {
  return { ok: false, problem, path, message: messages[problem](path) };
}

/**
 * Reads JSON as `JSON.parse` does, but refuses an object that has a key twice, of which `JSON.parse` silently takes the
 * last. Keys are compared after their escapes were decoded, so `"a"` and `"\u0061"` are equal. Takes time in proportion
 * to the text and never throws. A text with several problems is refused for one of them.
 *
 * @example
 * ```ts
 * const read = parseStrictJson('{"a":1}');
 * assert.deepEqual(read.ok && read.value, { a: 1 });
 * assert.equal(parseStrictJson('{"a":1,"a":2}').ok, false);
 * ```
 */
export function parseStrictJson(text: string, limits: StrictJsonLimits = {}): StrictJsonResult {
  try {
    // The walk comes first, because deep nesting costs JSON.parse more than anything else does.
    return new KeyWalk(text, limits).refusal() ?? { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return refused('syntax', '');
    throw error;
  }
}

/** An object or array that surrounds the place that the walk has reached. */
interface Level {
  readonly kind: 'object' | 'array';
  /** The keys of an object so far; those of a large one are in `many` as well. */
  readonly keys: string[];
  many: Set<string> | undefined;
  /** The index of the current element, in an array. */
  index: number;
}

/**
 * Goes once through a text and looks only at keys, nesting and the number of values. JSON.parse checks the rest of the
 * syntax.
 */
class KeyWalk {
  readonly #text: string;
  readonly #limits: Required<StrictJsonLimits>;
  readonly #levels: Level[] = [];
  #awaitsKey = false;
  /** Counted by commas: each value has one before it, except the first of its array or object. */
  #values = 1;

  constructor(text: string, { values = Infinity, keys = Infinity }: StrictJsonLimits) {
    this.#text = text;
    this.#limits = { values, keys };
  }

  refusal(): StrictJsonResult | undefined {
    const text = this.#text;
    for (let at = 0; at < text.length; at++) {
      const character = text.charCodeAt(at);
      if (character === 0x22) {
        const end = endOfString(text, at);
        const problem = this.#awaitsKey ? this.#addKey(at, end) : undefined;
        if (problem !== undefined) return this.#refuse(problem);
        at = end;
      } else if (!this.#step(character)) return this.#refuse('too_deep');
      if (this.#values > this.#limits.values) return this.#refuse('too_many');
    }
    return undefined;
  }

  /** Follows a character outside of strings; false if the nesting gets too deep. */
  #step(character: number): boolean {
    switch (character) {
      case 0x7b: // {
        this.#awaitsKey = true;
        return this.#open('object');
      case 0x5b: // [
        this.#awaitsKey = false;
        return this.#open('array');
      case 0x7d: // }
      case 0x5d: // ]
        this.#awaitsKey = false;
        this.#levels.pop();
        return true;
      case 0x2c: // ,
        this.#next();
    }
    return true;
  }

  #open(kind: Level['kind']): boolean {
    this.#values++;
    if (this.#levels.length === deepest) return false;
    this.#levels.push({ kind, keys: [], many: undefined, index: 0 });
    return true;
  }

  #next(): void {
    this.#values++;
    const level = this.#levels.at(-1);
    this.#awaitsKey = level?.kind === 'object';
    if (level?.kind === 'array') level.index++;
  }

  /** The key between the quotes at `start` and `end`. */
  #addKey(start: number, end: number): StrictJsonProblem | undefined {
    this.#awaitsKey = false;
    const level = this.#levels.at(-1);
    if (level === undefined) return undefined;
    const key = contentOf(this.#text, start, end);
    const isKnown = level.many?.has(key) ?? level.keys.includes(key);
    level.keys.push(key);
    level.many?.add(key);
    if (level.keys.length === keysInList) level.many = new Set(level.keys);
    if (isKnown) return 'duplicate_key';
    if (key === '__proto__') return 'forbidden_key';
    return level.keys.length > this.#limits.keys ? 'too_many' : undefined;
  }

  #refuse(problem: StrictJsonProblem): StrictJsonResult {
    const path = this.#levels.reduce((before, { kind, keys, index }) => {
      if (kind === 'array') return `${before}[${index}]`;
      if (keys.length === 0) return before;
      const key = (keys.at(-1) ?? '').slice(0, longestShownKey);
      return before === '' ? key : `${before}.${key}`;
    }, '');
    return refused(problem, path);
  }
}

/** Where the closing quote of the string that begins at `start` is; the end of the text if there is none. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

/** Whether an odd number of backslashes stands before `at`. */
function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text.charCodeAt(first - 1) === 0x5c) first--;
  return (at - first) % 2 === 1;
}

function contentOf(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end);
  return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
}
