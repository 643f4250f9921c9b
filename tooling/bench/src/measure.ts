/** Runs one contestant once; returns how much it did, in whatever unit. */
export type Contestant = () => number | Promise<number>;

/** Amount per second of each contestant in each round, rounds in the same order for all. */
export type Rates<Name extends string> = Readonly<Record<Name, readonly number[]>>;

/**
 * Runs all contestants in turn, round after round, so that other work of the machine affects them alike. The first
 * round only warms up.
 */
export async function measureRounds<Name extends string>(
  contestants: Readonly<Record<Name, Contestant>>,
  rounds: number,
): Promise<Rates<Name>> {
  const names = Object.keys(contestants) as Name[];
  const rates = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const start = process.hrtime.bigint();
      const amount = await contestants[name]();
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      if (round > 0) rates[name].push(amount / seconds);
    }
  }
  return rates;
}

/** The median of the rounds' quotients: rounds that were disturbed do not count, as long as most were not. */
export function medianRatio(rates: readonly number[], base: readonly number[]): number {
  return median(rates.map((rate, round) => rate / (base[round] ?? Number.NaN)));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
