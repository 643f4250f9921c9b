import { StoreError } from '@coffer/storage-ports';

/** Flushes the names in one directory; rejects if they may not be on disk. */
export type Flush = () => Promise<void>;

interface DirectoryState {
  /** How many flushes of the directory have failed. */
  failures: number;
  running: Promise<void> | undefined;
  /** The flush that begins when the running one has ended, for changes made meanwhile. */
  next: Promise<void> | undefined;
}

/**
 * Flushes directories, one at a time each. A flush that fails may also have lost the changes of others, and a later
 * flush that succeeds does not write these any more (Linux reports a write error once and forgets it). So a change
 * counts as durable only if no flush of its directory failed between its beginning and the end of its own flush.
 */
export class DirectoryFlushes {
  readonly #sync: (directory: string) => Promise<void>;
  readonly #states = new Map<string, DirectoryState>();

  constructor(sync: (directory: string) => Promise<void>) {
    this.#sync = sync;
  }

  /** To be called before names are changed. The function that it returns is to be called after the change. */
  begin(directory: string): Flush {
    const state = this.#stateOf(directory);
    const { failures } = state;
    return async () => {
      if (state.failures !== failures) throw new StoreError('io', 'Another flush of the directory failed');
      await this.#flush(directory, state);
    };
  }

  /** Shares one flush among all changes that were made before it begins. */
  #flush(directory: string, state: DirectoryState): Promise<void> {
    if (state.running === undefined) return this.#start(directory, state);
    // If the running flush fails, those that wait fail too, since their changes were made before it failed.
    state.next ??= state.running.then(() => {
      state.next = undefined;
      return this.#start(directory, state);
    });
    return state.next;
  }

  #start(directory: string, state: DirectoryState): Promise<void> {
    const running = this.#sync(directory).then(
      () => {
        state.running = undefined;
      },
      (error: unknown) => {
        state.running = undefined;
        state.next = undefined;
        state.failures++;
        throw error;
      },
    );
    state.running = running;
    return running;
  }

  #stateOf(directory: string): DirectoryState {
    let state = this.#states.get(directory);
    if (state === undefined)
      this.#states.set(directory, (state = { failures: 0, running: undefined, next: undefined }));
    return state;
  }
}
