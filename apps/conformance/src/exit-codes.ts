/** The exit codes of the process. */
export const exitCodes = {
  conformant: 0,
  /**
   * A case failed or could not be carried out, all were skipped, or something made could not be removed; of `diff`: one
   * is worse.
   */
  notConformant: 1,
  /** The command line, the target's description or a secret is wrong. */
  usage: 2,
  /** The endpoint gave no answer, or refused what every run needs. */
  unusable: 3,
  /** The run was interrupted before all cases had run. */
  interrupted: 4,
} as const;

/** For the end of the help. */
export const exitCodesHelp = `
Exit codes:
  0  every case passed, was skipped or is a known deviation, and not all were skipped
  1  a case failed or could not be carried out, all were skipped, or something is left behind; of diff: a case is
     worse than before
  2  wrong command line, target or report, or a secret is missing
  3  the endpoint cannot be reached, or refuses the key or the bucket of the run
  4  interrupted (Ctrl-C, SIGTERM) before all cases had run`;
