import type { Clock } from '@coffer/storage-ports';
import type { S3Failure, S3FailureKind } from './s3-failure.ts';

/**
 * How the store behind this process is. `unreachable`: it does not answer, fails or is too busy. `denied`: it refuses
 * the credentials. `full`: it takes nothing more; reads go on.
 */
export interface S3State {
  readonly state: 'ready' | 'unreachable' | 'denied' | 'full';
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** A sentence for the operator; undefined when `ready`. */
  readonly reason: string | undefined;
}

const stateOf: Partial<Record<S3FailureKind, S3State['state']>> = {
  unreachable: 'unreachable',
  busy: 'unreachable',
  missing_bucket: 'unreachable',
  region: 'unreachable',
  denied: 'denied',
  full: 'full',
};

const ready = { state: 'ready', reason: undefined } as const;

/**
 * Remembers the last that was learnt of the store. A store that is full, or does not let us write, answers everything
 * else: only a write that succeeds says that this is over.
 */
export class StateKeeper {
  readonly #clock: Clock;
  /** What was learnt of any request, and of those that write. */
  #any: Omit<S3State, 'since'> = ready;
  #writes: Omit<S3State, 'since'> = ready;
  #state: S3State;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#state = { ...ready, since: clock.now() };
  }

  get state(): S3State {
    return this.#state;
  }

  succeeded(isWrite: boolean): void {
    this.#any = ready;
    if (isWrite) this.#writes = ready;
    this.#update();
  }

  failed(failure: S3Failure, isWrite: boolean): void {
    const state = stateOf[failure.kind];
    if (state === undefined) return;
    const learnt = { state, reason: failure.message };
    if (isWrite && state !== 'unreachable') this.#writes = learnt;
    else this.#any = learnt;
    this.#update();
  }

  #update(): void {
    const { state, reason } = this.#any.state === 'ready' ? this.#writes : this.#any;
    if (this.#state.state !== state) this.#state = { state, reason, since: this.#clock.now() };
  }
}
