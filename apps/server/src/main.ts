#!/usr/bin/env node
import { basename } from 'node:path';
import { shellWord } from './cli/client-lines.ts';
import { describeFailure } from './cli/describe-failure.ts';
import { runProgram } from './cli/program.ts';
import type { Terminal } from './cli/terminal.ts';
import { endAtOnce } from './process-end.ts';

const stopSignals = ['SIGTERM', 'SIGINT'] as const;

const terminal: Terminal = {
  stdout: (text) => {
    process.stdout.write(text);
  },
  stderr: (text) => {
    process.stderr.write(text);
  },
  environment: process.env,
  command: ownCommand(),
  onStopSignal: (callback) => {
    for (const signal of stopSignals) process.on(signal, callback);
    // Without a listener the system's default holds again: the next signal ends the process.
    return () => {
      for (const signal of stopSignals) process.off(signal, callback);
    };
  },
  onRestartSignal: (callback) => {
    process.on('SIGHUP', callback);
  },
};

/** Nothing can be said of the state of a process after this, so it ends; the store survives that at any moment. */
process.on('uncaughtException', (error) => {
  process.stderr.write(describeFailure(error, { withStack: true }) ?? '');
  endAtOnce();
});

process.exitCode = await runProgram(process.argv.slice(2), terminal);

function ownCommand(): string {
  const script = process.argv[1] ?? 'coffer';
  return basename(script) === 'coffer' ? 'coffer' : `node ${shellWord(script)}`;
}
