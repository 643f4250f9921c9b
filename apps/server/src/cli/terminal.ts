import type { Environment } from '../keys/root-key-source.ts';

/** What a command talks to, so that tests can stand in for it. */
export interface Terminal {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly environment: Environment;
  /** How to call this program again, for hints. */
  readonly command: string;
  /** Calls back for each signal to stop; returns how to no longer listen. */
  readonly onStopSignal: (callback: () => void) => () => void;
  /** Calls back for each signal to restart workers. */
  readonly onRestartSignal: (callback: () => void) => void;
}
