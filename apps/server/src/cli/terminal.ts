import type { Environment } from '../keys/root-key-source.ts';

/** What a command talks to, so that tests can stand in for it. */
export interface Terminal {
  /**
   * What a command is asked for. Never throws: where it cannot be written, stderr says so and the process's exit code
   * will be 1; that its reader has gone is no error.
   */
  readonly stdout: (text: string) => void;
  /** What a server says of itself on stdout. Where it cannot be written, stderr says so, and that is all. */
  readonly announce: (text: string) => void;
  /** Never throws: there is nobody left to tell. */
  readonly stderr: (text: string) => void;
  /** Whether a person reads stdout, rather than a file or another program. */
  readonly stdoutIsTerminal: boolean;
  /** Whether stderr is a terminal, where a line may be written again and again. */
  readonly stderrIsTerminal: boolean;
  readonly environment: Environment;
  /** How to call this program again, for hints. */
  readonly command: string;
  /** Calls back for each signal to stop; returns how to no longer listen. */
  readonly onStopSignal: (callback: () => void) => () => void;
  /** Calls back for each signal to take certificate and keyring anew; replaces the callback before. */
  readonly onReloadSignal: (callback: () => void) => void;
}
