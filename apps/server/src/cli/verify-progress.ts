import type { VerificationCursor, VerificationRun } from '@coffer/storage-core';
import { CursorFileError, readCursorFile, removeCursorFile, writeCursorFile } from '../data/cursor-file.ts';
import { StartupError, systemReason } from '../startup-error.ts';
import type { Terminal } from './terminal.ts';
import { progressLine } from './verify-lines.ts';

const everyMilliseconds = 1_000;
const clearLine = '\r\u001b[K';

/** Where an earlier run was stopped; undefined if there was none. @throws StartupError `config`. */
export async function readProgress(file: string): Promise<VerificationCursor | undefined> {
  try {
    return (await readCursorFile(file))?.cursor ?? undefined;
  } catch (cause) {
    const reason = cause instanceof CursorFileError ? cause.message : `${file} cannot be read: ${systemReason(cause)}`;
    throw new StartupError('config', `${reason}.`, { cause });
  }
}

/** Shows, while a run goes on, how far it has come. */
export interface Progress {
  /** Prints to stdout without disturbing the line that shows the progress. */
  print(text: string): void;
  /** To be called when the run ends. @throws StartupError `config` if the file cannot be written. */
  end(isWhole: boolean): Promise<void>;
}

/**
 * Keeps in the file, and shows on a terminal, how far a run has come. When a run has ended completely, the file is
 * removed.
 */
export function keepProgress(
  run: VerificationRun,
  { terminal, file }: { readonly terminal: Terminal; readonly file: string | undefined },
): Progress {
  const { stdout, stderr, stderrIsTerminal } = terminal;
  const clear = (): void => {
    if (stderrIsTerminal) stderr(clearLine);
  };
  let saving = Promise.resolve();
  const save = (): Promise<void> => {
    if (file !== undefined)
      saving = saving
        .catch(() => undefined)
        .then(() => writeCursorFile(file, { cursor: run.cursor, finishedAt: null }));
    return saving;
  };
  const timer = setInterval(() => {
    if (stderrIsTerminal) stderr(`${clearLine}${progressLine(run)}`);
    // A failure is ignored here; the last save, at the end of the run, reports its failure.
    save().catch(() => undefined);
  }, everyMilliseconds);
  return {
    print: (text) => {
      clear();
      stdout(text);
    },
    end: async (isWhole) => {
      clearInterval(timer);
      clear();
      try {
        await save();
        if (isWhole && file !== undefined) await removeCursorFile(file);
      } catch (cause) {
        throw new StartupError('config', `${file ?? ''} cannot be written: ${systemReason(cause)}.`, { cause });
      }
    },
  };
}
