import type { CaseResult } from '@coffer/conformance';
import type { Terminal } from './terminal.ts';

type Outcome = CaseResult['outcome'];

/** Says how a run goes on. */
export interface Progress {
  /** So many cases run; so many results are kept of a run that is taken up. */
  readonly onBegin: (cases: { readonly toRun: number; readonly kept: number }) => void;
  readonly onResult: (result: CaseResult) => void;
  /** Leaves the terminal as it was found. */
  readonly end: () => void;
}

/** Goes to the begin of the line that the cursor is in, and empties it. */
export const clearLine = '\r\u001b[K';

const colours: Readonly<Record<Outcome, string>> = {
  pass: '32',
  fail: '31',
  error: '31',
  deviation: '33',
  skipped: '90',
};

/**
 * On a terminal, one line that is written again and again, below what failed; elsewhere a line for each case.
 *
 * @param now milliseconds, never going back
 */
export function createProgress(terminal: Terminal, now: () => number = () => performance.now()): Progress {
  const { columns, environment } = terminal;
  return columns === undefined || environment['TERM'] === 'dumb'
    ? new LineProgress(terminal)
    : new LiveProgress(terminal, columns, now);
}

function keptLine(kept: number, toRun: number): string {
  return `taken up: ${kept} results are kept, ${toRun} cases run\n`;
}

class LineProgress implements Progress {
  readonly #terminal: Terminal;
  #total = 0;
  #done = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  onBegin = ({ toRun, kept }: { readonly toRun: number; readonly kept: number }): void => {
    this.#total = toRun;
    if (kept > 0) this.#terminal.stderr(keptLine(kept, toRun));
  };

  onResult = ({ id, outcome }: CaseResult): void => {
    this.#terminal.stderr(`[${++this.#done}/${this.#total}] ${outcome} ${id}\n`);
  };

  end = (): void => undefined;
}

class LiveProgress implements Progress {
  readonly #terminal: Terminal;
  readonly #columns: () => number;
  readonly #now: () => number;
  readonly #counts = new Map<Outcome, number>();
  readonly #coloured: boolean;
  #total = 0;
  #done = 0;
  #begun = 0;

  constructor(terminal: Terminal, columns: () => number, now: () => number) {
    this.#terminal = terminal;
    this.#columns = columns;
    this.#now = now;
    // https://no-color.org: whatever its value, unless it is empty.
    this.#coloured = (terminal.environment['NO_COLOR'] ?? '') === '';
  }

  onBegin = ({ toRun, kept }: { readonly toRun: number; readonly kept: number }): void => {
    this.#total = toRun;
    this.#begun = this.#now();
    if (kept > 0) this.#terminal.stderr(keptLine(kept, toRun));
    this.#show('');
  };

  onResult = (result: CaseResult): void => {
    const { outcome } = result;
    this.#done++;
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1);
    this.#show(outcome === 'fail' || outcome === 'error' ? this.#linesOf(result) : '');
  };

  end = (): void => {
    this.#terminal.stderr(clearLine);
  };

  /** All at once, so that nothing flickers. */
  #show(above: string): void {
    this.#terminal.stderr(`${clearLine}${above}${this.#line()}`);
  }

  #linesOf({ id, title, outcome, problems }: CaseResult): string {
    const word = this.#inColour(outcome, outcome.toUpperCase());
    return [`${word} ${id}: ${title}`, ...problems.map((problem) => `  ${problem}`), ''].join('\n');
  }

  #inColour(outcome: Outcome, text: string): string {
    return this.#coloured ? `\u001b[${colours[outcome]}m${text}\u001b[0m` : text;
  }

  /** One character shorter than the terminal, some of which go to the next line with the last one. */
  #line(): string {
    const done = `${this.#done}/${this.#total}`;
    const parts = [...this.#counts].map(([outcome, count]) => ({ outcome, text: `${count} ${outcome}` }));
    const rest = this.#pace();
    const width = [done, ...parts.map(({ text }) => text), ...rest].join('  ').length;
    if (width >= this.#columns()) return done.slice(0, Math.max(0, this.#columns() - 1));
    return [done, ...parts.map(({ outcome, text }) => this.#inColour(outcome, text)), ...rest].join('  ');
  }

  #pace(): readonly string[] {
    const seconds = (this.#now() - this.#begun) / 1000;
    if (this.#done === 0 || seconds <= 0) return [];
    const rate = this.#done / seconds;
    return [`${rate.toFixed(1)} cases/s`, `${duration(Math.ceil((this.#total - this.#done) / rate))} left`];
  }
}

function duration(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
