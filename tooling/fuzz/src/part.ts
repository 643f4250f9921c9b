/** Something that was answered or read wrongly. */
export interface Finding {
  readonly what: string;
  /** The request or input, in short. */
  readonly about: string;
  /** What the corpus gets, and in which of its folders; undefined: the corpus itself. */
  readonly kept: { readonly folder: 'b2' | 's3' | 'parsers' | 'native'; readonly content: object };
}

/** One of the things that are fuzzed. They take turns. */
export interface Part {
  readonly name: string;
  /** How many requests, or inputs, had each outcome. */
  readonly counts: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
  round(seed: number): Promise<void>;
}

/** Gives each part as much of the time as its weight says, until the time is over or too much was found. */
export async function takeTurns(
  parts: readonly { readonly part: Part; readonly weight: number }[],
  milliseconds: number,
  seed: number,
): Promise<void> {
  const turns = parts.map(({ part, weight }) => ({ part, weight, rounds: 0, spent: 0 }));
  const end = Date.now() + milliseconds;
  const isEnough = (): boolean => turns.some(({ part }) => part.findings.length >= mostFindings);
  while (Date.now() < end && !isEnough()) {
    const next = turns.reduce((least, turn) => (turn.spent / turn.weight < least.spent / least.weight ? turn : least));
    const began = Date.now();
    await next.part.round(seed + next.rounds++);
    next.spent += Math.max(1, Date.now() - began);
  }
}

const mostFindings = 20;
