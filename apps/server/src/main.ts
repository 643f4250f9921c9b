#!/usr/bin/env node
import { describeFailure } from './cli/describe-failure.ts';
import { processTerminal } from './cli/process-terminal.ts';
import { runProgram } from './cli/program.ts';
import { endAtOnce } from './process-end.ts';

const terminal = processTerminal();

/** Nothing can be said of the state of a process after this, so it ends; the store survives that at any moment. */
process.on('uncaughtException', (error) => {
  terminal.stderr(describeFailure(error, { withStack: true }) ?? '');
  endAtOnce();
});

process.exitCode = await runProgram(process.argv.slice(2), terminal);
