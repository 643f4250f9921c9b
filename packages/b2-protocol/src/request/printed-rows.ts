import { printJson } from '@coffer/b2-schema';
import { mapInTurns, nextTurn } from '@coffer/storage-core';
import { PrintedText } from './printed-text.ts';

/** A list of an answer whose rows are kept as text only: as objects they take several times as much memory. */
export class PrintedRows {
  readonly text: PrintedText = new PrintedText();
  #before = '[';

  /** Adds a row. True: enough was printed for others to have a turn before more is. */
  add(row: object): boolean {
    const isEnough = this.text.add(this.#before + printJson(row));
    this.#before = ',';
    return isEnough;
  }

  /** To be called behind the last row. */
  end(): void {
    this.text.add(this.#before === '[' ? '[]' : ']');
  }
}

/** An answer some of whose lists may be printed already. */
export type Printable<Answer> = Answer extends unknown
  ? {
      readonly [Name in keyof Answer]: Answer[Name] extends readonly object[]
        ? Answer[Name] | PrintedRows
        : Answer[Name];
    }
  : never;

/** Rows of a list that are held as objects at once. Lists of so many are made at once, longer ones in parts. */
const rowsHeld = 200;

/** How a list is read and shown. */
export interface ListSource<Found, Place, Row extends object> {
  /** Rows at most. */
  readonly limit: number;
  /** Where the list begins. */
  readonly start: Place;
  readonly signal: AbortSignal;
  /** Reads so many rows at most; `next` is where the rest begins, undefined if there is none. */
  readonly read: (
    start: Place,
    limit: number,
  ) => Promise<{ readonly rows: readonly Found[]; readonly next: Place | undefined }>;
  readonly view: (found: Found) => Row;
}

/** The rows of a list, and where the list goes on behind them. */
interface ListedRows<Place, Row extends object> {
  readonly rows: Row[] | PrintedRows;
  readonly next: Place | undefined;
}

/**
 * Reads and shows a list. A long one is read part by part, each of which is printed before the next one is read, so
 * that never more than a part of its rows is in memory, but as text. As between two pages, what changes between two
 * parts may be on the list or not.
 *
 * @throws what `read` and `view` throw, and the signal's reason.
 */
export async function listRows<Found, Place, Row extends object>(
  source: ListSource<Found, Place, Row>,
): Promise<ListedRows<Place, Row>> {
  if (source.limit > rowsHeld) return printRows(source);
  const { rows, next } = await source.read(source.start, source.limit);
  return { rows: await mapInTurns(rows, source.view), next };
}

async function printRows<Found, Place, Row extends object>(
  source: ListSource<Found, Place, Row>,
): Promise<ListedRows<Place, Row>> {
  const printed = new PrintedRows();
  try {
    let next: Place | undefined = source.start;
    let left = source.limit;
    do {
      source.signal.throwIfAborted();
      const limit = Math.min(left, rowsHeld);
      const part: Awaited<ReturnType<typeof source.read>> = await source.read(next, limit);
      for (const row of part.rows) if (printed.add(source.view(row))) await nextTurn();
      next = part.next;
      left -= limit;
    } while (next !== undefined && left > 0);
    printed.end();
    return { rows: printed, next };
  } catch (error) {
    printed.text.release();
    throw error;
  }
}
