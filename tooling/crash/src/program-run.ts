import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** What a command printed and ended with; a code of null: it was killed. */
export interface ProgramOutcome {
  readonly code: number | null;
  readonly output: string;
  readonly complaints: string;
}

export interface ProgramRun {
  /** Ends it at once, as a power cut would; nothing if it has ended. */
  readonly kill: () => void;
  readonly ended: Promise<ProgramOutcome>;
}

/** Starts a command of Coffer's program. @param args Its path and its arguments. */
export function startProgram(args: readonly string[]): ProgramRun {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const ended = Promise.all([text(child.stdout), text(child.stderr), closed]).then(
    ([output, complaints, [code]]): ProgramOutcome => ({ code, output, complaints }),
  );
  return {
    kill: () => {
      child.kill('SIGKILL');
    },
    ended,
  };
}
