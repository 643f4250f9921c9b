import fc from 'fast-check';

/** What a parser made of an input: it took it, or refused it as it says that it does. */
export type Verdict = 'taken' | 'refused';

/** A parser that is called in this process. */
export interface ParserTarget {
  readonly name: string;
  /** Inputs that JSON can hold, so that one can be kept. */
  sample(seed: number, count: number): readonly unknown[];
  /** @throws unknown whatever the parser should not have thrown, and a Broken for a property that does not hold. */
  check(input: unknown): Promise<Verdict>;
}

/** A property of a parser does not hold. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

export function parserTarget<Input>(
  name: string,
  inputs: fc.Arbitrary<Input>,
  check: (input: Input) => Verdict | Promise<Verdict>,
): ParserTarget {
  return {
    name,
    sample: (seed, count) => fc.sample(inputs, { seed, numRuns: count }),
    check: async (input) => check(input as Input),
  };
}

/** How something ended: with a value or with a refusal. */
export type Outcome<T> =
  { readonly value: T; readonly refusal?: undefined } | { readonly value?: undefined; readonly refusal: string };

/** Runs a parser whose refusals are errors of one class with a code; any other error is a fault of the parser. */
export async function outcomeOf<T>(
  refusal: abstract new (...args: never) => Error & { readonly code: string },
  parse: () => T | Promise<T>,
): Promise<Outcome<T>> {
  try {
    return { value: await parse() };
  } catch (error) {
    if (error instanceof refusal) return { refusal: error.code };
    throw error;
  }
}

export const verdictOf = ({ refusal }: Outcome<unknown>): Verdict => (refusal === undefined ? 'taken' : 'refused');

/** @throws Broken unless both are the same as JSON. */
export function requireSame(one: unknown, other: unknown, what: string): void {
  const [first, second] = [JSON.stringify(one), JSON.stringify(other)];
  if (first !== second) throw new Broken(`${what}: ${first.slice(0, 200)} and ${second.slice(0, 200)}`);
}

/** Latin-1 text as bytes, cut into pieces of so many bytes, the last one excepted. */
export function* piecesOf(text: string, size: number): Generator<Uint8Array> {
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** The same as a stream. */
export async function* streamed(text: string, size: number): AsyncGenerator<Uint8Array> {
  for (const piece of piecesOf(text, size)) yield await Promise.resolve(piece);
}
