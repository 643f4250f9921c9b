import type { Environment } from '../keys/root-key-source.ts';

/** What a command reads from and writes to; tests use a replacement. */
export interface Terminal {
  /**
   * Prints the results of a command. Never throws: if the text cannot be written, stderr says so and the exit code of
   * the process becomes 1. It is no error if the reader has gone.
   */
  readonly stdout: (text: string) => void;
  /**
   * Prints what a server reports about itself to stdout. If that cannot be written, stderr says so, and nothing else
   * happens.
   */
  readonly announce: (text: string) => void;
  /** Prints to stderr. Never throws, since there is no other place to report a failure. */
  readonly stderr: (text: string) => void;
  /** Whether a person reads stdout, rather than a file or another program. */
  readonly stdoutIsTerminal: boolean;
  /** Whether stderr is a terminal, on which a line can be overwritten again and again. */
  readonly stderrIsTerminal: boolean;
  readonly environment: Environment;
  /** How to call this program again, for hints. */
  readonly command: string;
  /** Calls back for each signal to stop; returns a function that ends this. */
  readonly onStopSignal: (callback: () => void) => () => void;
  /** Calls back for each signal to reload certificate and keyring; replaces the previous callback. */
  readonly onReloadSignal: (callback: () => void) => void;
}
