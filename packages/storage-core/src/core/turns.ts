/**
 * Rows that one piece of work handles before everybody else has a turn of the event loop. Reading and decoding so many
 * takes about a millisecond.
 */
export const rowsPerTurn = 200;

/** What a read costs besides its rows, in rows: one that finds nothing costs as much as reading these. */
export const rowsPerRead = 5;

/** The event loop is one for all that goes on in this thread, and so is this queue. */
const waiting: (() => void)[] = [];

/**
 * Resolves in a later turn of the event loop, which no other long work has: of all that wait here, one goes on in each
 * turn, in the order in which they came. So however many clients ask for long work, a short request waits for one piece
 * of it at a time.
 *
 * A store in this process may answer without ever waiting, and a promise that is resolved already lets nobody else in.
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

  /** To be told of rows after they were handled. Resolves when the work may go on. */
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
