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

/** Remembers the last that was learnt of the store. */
export class StateKeeper {
  readonly #clock: Clock;
  #state: S3State;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#state = { state: 'ready', since: clock.now(), reason: undefined };
  }

  get state(): S3State {
    return this.#state;
  }

  /** A store that is full answers everything else, so only a write that succeeded says that there is room again. */
  succeeded(isWrite: boolean): void {
    if (this.#state.state !== 'full' || isWrite) this.#become('ready', undefined);
  }

  failed(failure: S3Failure): void {
    const state = stateOf[failure.kind];
    if (state !== undefined) this.#become(state, failure.message);
  }

  #become(state: S3State['state'], reason: string | undefined): void {
    if (this.#state.state === state) return;
    this.#state = { state, since: this.#clock.now(), reason };
  }
}
