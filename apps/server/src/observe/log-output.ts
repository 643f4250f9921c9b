import { systemErrorCode } from '../startup-error.ts';
import type { Timer } from '../server/timer.ts';

/** The most bytes of lines that wait for a slow reader; further lines are dropped. */
const maxWaiting = 2 ** 20;
/** Milliseconds between two attempts to write what waits. */
const retryMs = 100;
const lineEnd = Buffer.from('\n');

export interface LogOutputOptions {
  /** Writes as many of the bytes as it can without waiting; returns how many. It throws the system's errors. */
  readonly write: (bytes: Uint8Array) => number;
  readonly timer: Timer;
  /** Called for each line that is dropped. */
  readonly onDropped: () => void;
  /** Called when a line could be written again, with the number of lines that were dropped before it. */
  readonly onWorksAgain: (dropped: number) => void;
}

/** A piece of the log: a line, or the rest of the one that was begun last. */
interface Piece {
  readonly bytes: Buffer;
  readonly begun: boolean;
}

/**
 * Where log lines go. A line is written before the call returns, so that the last lines before a crash are not lost. If
 * that is not possible, because the reader is slow, the disk is full or nobody reads any more, the server goes on: some
 * lines wait, others are dropped and counted.
 */
export class LogOutput {
  readonly #options: LogOutputOptions;
  #waiting: Piece[] = [];
  #waitingBytes = 0;
  #isScheduled = false;
  #unreported = 0;
  /** Whether the last line that was begun is not complete. */
  #torn = false;

  constructor(options: LogOutputOptions) {
    this.#options = options;
  }

  write(line: string): void {
    const piece = { bytes: Buffer.from(line), begun: false };
    if (this.#waiting.length === 0) this.#putOrKeep(piece);
    else if (this.#waitingBytes + piece.bytes.length > maxWaiting) this.#drop();
    else this.#keep(piece);
  }

  #keep(piece: Piece): void {
    this.#waiting.push(piece);
    this.#waitingBytes += piece.bytes.length;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#options.timer(retryMs, () => {
      this.#isScheduled = false;
      this.#writeWaiting();
    });
  }

  #writeWaiting(): void {
    const pieces = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    // As soon as one piece has to wait again, those behind it wait, too.
    for (const piece of pieces) {
      if (this.#waiting.length === 0) this.#putOrKeep(piece);
      else this.#keep(piece);
    }
  }

  #putOrKeep(piece: Piece): void {
    const rest = this.#put(piece);
    if (rest === 'written') this.#reportDropped();
    else if (rest !== 'dropped') this.#keep(rest);
  }

  /** Writes a piece, or drops it; returns the rest that the reader does not take now. */
  #put({ bytes, begun }: Piece): Piece | 'written' | 'dropped' {
    let rest = this.#torn && !begun ? Buffer.concat([lineEnd, bytes]) : bytes;
    try {
      while (rest.length > 0) {
        const written = this.#options.write(rest);
        if (written === 0) return { bytes: rest, begun: this.#torn };
        rest = rest.subarray(written);
        this.#torn = rest.length > 0;
      }
    } catch (error) {
      if (systemErrorCode(error) === 'EAGAIN') return { bytes: rest, begun: this.#torn };
      this.#drop();
      return 'dropped';
    }
    return 'written';
  }

  #drop(): void {
    this.#unreported++;
    this.#options.onDropped();
  }

  #reportDropped(): void {
    if (this.#unreported === 0) return;
    const dropped = this.#unreported;
    this.#unreported = 0;
    this.#options.onWorksAgain(dropped);
  }
}
