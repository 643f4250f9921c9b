import { DatabaseFailure, troubleOf, type Trouble } from './failure.ts';

/**
 * How the database was when it was last asked for something.
 *
 * - `ready`: it answered.
 * - `unreachable`: no connection, no answer, or no connection left for us.
 * - `read_only`: a standby, or set to be read-only.
 * - `full`: its disk is full; reads and deletes may work.
 * - `denied`: it refuses the user, the password, the database's name, or lacks a right.
 * - `wrong_schema`: not migrated, too old or too new for this program, or another database than was opened.
 */
export interface StoreState {
  readonly is: 'ready' | Trouble;
  /** Milliseconds since the epoch at which this began. */
  readonly since: number;
  /** One sentence, without a password. Empty for `ready`. */
  readonly why: string;
  /** Commits that were answered with `io` and whose outcome is still to be found out. */
  readonly unresolved: number;
}

/** Remembers the state. */
export class StateKeeper {
  readonly #now: () => number;
  #state: Omit<StoreState, 'unresolved'>;

  constructor(now: () => number) {
    this.#now = now;
    this.#state = { is: 'ready', since: now(), why: '' };
  }

  get state(): Omit<StoreState, 'unresolved'> {
    return this.#state;
  }

  /** A read was answered: nothing is known of writes by that. */
  read(): void {
    if (this.#state.is !== 'full' && this.#state.is !== 'read_only') this.#enter('ready', '');
  }

  written(): void {
    this.#enter('ready', '');
  }

  failed(error: unknown): void {
    if (!(error instanceof DatabaseFailure)) return;
    const trouble =
      troubleOf(error.code) ?? (error.kind === 'unreachable' || error.kind === 'lost' ? 'unreachable' : undefined);
    if (trouble !== undefined) this.#enter(trouble, error.message);
  }

  #enter(is: StoreState['is'], why: string): void {
    if (this.#state.is !== is) this.#state = { is, since: this.#now(), why };
    else if (this.#state.why !== why) this.#state = { ...this.#state, why };
  }
}
