import { writeSync } from 'node:fs';
import { basename } from 'node:path';
import { standardError } from '../observe/standard-error.ts';
import { systemErrorCode, systemReason } from '../startup-error.ts';
import { shellWord } from './client-lines.ts';
import { exitCodes } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** Error codes that mean that nobody reads the output any more. */
const goneCodes: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);
const stopSignals = ['SIGTERM', 'SIGINT'] as const;

/** The terminal that this process was started from. */
export function processTerminal(): Terminal {
  let reload: () => void = () => undefined;
  let hasFailed = false;
  process.on('exit', (code) => {
    if (code === 0 && hasFailed) process.exitCode = exitCodes.failure;
  });
  // Without a listener, the error that a vanished reader causes would end the process.
  process.stdout.on('error', () => undefined);
  return {
    stdout: (text) => {
      write(text, () => {
        hasFailed = true;
      });
    },
    announce: write,
    stderr: writeStderr,
    stdoutIsTerminal: process.stdout.isTTY,
    stderrIsTerminal: process.stderr.isTTY,
    environment: process.env,
    command: ownCommand(),
    onStopSignal: (callback) => {
      for (const signal of stopSignals) process.on(signal, callback);
      // Without a listener, the system's default applies again: the next signal ends the process.
      return () => {
        for (const signal of stopSignals) process.off(signal, callback);
      };
    },
    onReloadSignal: (callback) => {
      if (process.listenerCount('SIGHUP') === 0) {
        process.on('SIGHUP', () => {
          reload();
        });
      }
      reload = callback;
    },
  };
}

/** Writes to stdout. A file is written at once, a pipe or terminal as its reader takes the text; both may fail. */
function write(text: string, failed: () => void = () => undefined): void {
  const tell = (error: unknown): void => {
    if (error === undefined || error === null || goneCodes.has(systemErrorCode(error) ?? '')) return;
    writeStderr(`coffer: The output cannot be written: ${systemReason(error)}.\n`);
    failed();
  };
  try {
    process.stdout.write(text, tell);
  } catch (error) {
    tell(error);
  }
}

/**
 * Writes to stderr without waiting, since the process may end after it. What a full pipe or disk does not take is lost.
 */
function writeStderr(text: string): void {
  try {
    writeSync(standardError(), text);
  } catch {
    // There is no other place for the message.
  }
}

function ownCommand(): string {
  const script = process.argv[1] ?? 'coffer';
  return basename(script) === 'coffer' ? 'coffer' : `node ${shellWord(script)}`;
}
