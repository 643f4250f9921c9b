/** Decides something that a crash leaves open: picks one of `options` possibilities, numbered from 0. */
export type Choose = (options: number) => number;

/**
 * Calls `run` once for every combination of the choices that it makes; a choice may depend on earlier ones. If there
 * are more than `limit` combinations, it instead tries the one that keeps everything, and random ones up to the limit.
 * Returns how many runs there were, and whether these were all combinations.
 */
export async function forEachChoice(
  run: (choose: Choose) => Promise<void>,
  { limit, random }: { readonly limit: number; readonly random: (below: number) => number },
): Promise<{ readonly runs: number; readonly exhaustive: boolean }> {
  const odometer = new Odometer();
  let runs = 0;
  do {
    if (runs === limit) return { runs: runs + (await sample(run, limit, random)), exhaustive: false };
    await run(odometer.choose);
    runs++;
  } while (odometer.advance());
  return { runs, exhaustive: true };
}

/**
 * Goes through all combinations like a counter that changes its last digit first, and whose digits appear when they are
 * asked for.
 */
class Odometer {
  readonly #digits: { value: number; readonly options: number }[] = [];
  #position = 0;

  readonly choose: Choose = (options) => {
    let digit = this.#digits[this.#position++];
    if (digit === undefined) this.#digits.push((digit = { value: 0, options }));
    if (digit.options !== options) throw new Error('The same choices must lead to the same questions');
    return digit.value;
  };

  /** Whether there is another combination. */
  advance(): boolean {
    this.#position = 0;
    for (;;) {
      const last = this.#digits.at(-1);
      if (last === undefined) return false;
      if (++last.value < last.options) return true;
      this.#digits.pop();
    }
  }
}

/** Runs with everything kept, and then with random choices: some runs keep much, others little. */
async function sample(
  run: (choose: Choose) => Promise<void>,
  limit: number,
  random: (below: number) => number,
): Promise<number> {
  await run((options) => options - 1);
  for (let i = 1; i < limit; i++) {
    const bias = random(4);
    await run((options) => (bias === 0 && random(4) > 0 ? options - 1 : random(options)));
  }
  return limit;
}
