#!/usr/bin/env node
import { describeFailure } from './cli/describe-failure.ts';
import { processTerminal } from './cli/process-terminal.ts';
import { runProgram } from './cli/program.ts';
import { endAtOnce } from './process-end.ts';

const terminal = processTerminal();

/** After an uncaught error the state of the process is unknown, so it ends. The store survives that at any moment. */
process.on('uncaughtException', (error) => {
  terminal.stderr(describeFailure(error, { withStack: true }) ?? '');
  endAtOnce();
});

process.exitCode = await runProgram(process.argv.slice(2), terminal);
