/** What the command needs of the process that it runs in. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** How many characters a line of stderr has; left out where stderr is no terminal. */
  readonly columns?: () => number;
  /** Once it aborts, a run begins no further case, removes what it made and writes its reports. */
  readonly signal?: AbortSignal;
}
