const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What of a process the interruption of a run needs. */
export interface InterruptibleProcess {
  on(signal: (typeof signals)[number], listener: () => void): unknown;
  exit(code: number): void;
}

/** As shells say it of a process that SIGINT ended. */
const exitCodeOfSigint = 130;

/**
 * The first SIGINT (Ctrl-C), SIGTERM or SIGHUP aborts the signal, so that a run can remove what it made; the second
 * one exits.
 */
export function abortOnInterruption(process: InterruptibleProcess, say: (text: string) => void): AbortSignal {
  const controller = new AbortController();
  for (const name of signals)
    process.on(name, () => {
      if (controller.signal.aborted) {
        process.exit(exitCodeOfSigint);
        return;
      }
      say('Interrupted: the running cases end, and what they made is removed. Again, to leave it behind.\n');
      controller.abort();
    });
  return controller.signal;
}
