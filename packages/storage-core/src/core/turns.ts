/**
 * Rows that one piece of work handles before everybody else has a turn of the event loop. Reading and decoding so many
 * takes about a millisecond.
 */
export const rowsPerTurn = 200;

/**
 * What a read costs in addition to its rows, counted in rows: a read that finds nothing costs as much as reading this
 * many.
 */
export const rowsPerRead = 5;

/** One queue for the whole thread, as the thread has one event loop. */
const waiting: (() => void)[] = [];

/**
 * Resolves in a later turn of the event loop, in which no other long work goes on: of all callers that wait here, one
 * continues in each turn, in the order in which they came. So however many clients ask for long work, a short request
 * waits for only one piece of it at a time.
 *
 * Awaiting the store does not do this: a store in this process may answer without waiting, and awaiting a promise that
 * is resolved already does not end the turn.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(giveTurn);
  });
}

function giveTurn(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(giveTurn);
}

/** Counts the rows that one piece of work handles, and ends its turn when they are {@link rowsPerTurn}. */
export class Turns {
  #rows = 0;

  /** To be called when so many rows were handled. Resolves when the work may go on. */
  async handled(rows: number): Promise<void> {
    this.#rows += rows;
    if (this.#rows < rowsPerTurn) return;
    this.#rows = 0;
    await nextTurn();
  }
}

/** The results of `map` for all items in their order, made in as many turns as it takes. */
export async function mapInTurns<Input, Output>(
  items: readonly Input[],
  map: (item: Input) => Output,
): Promise<Output[]> {
  const results: Output[] = [];
  for (let at = 0; at < items.length; at += rowsPerTurn) {
    if (at > 0) await nextTurn();
    for (const item of items.slice(at, at + rowsPerTurn)) results.push(map(item));
  }
  return results;
}
