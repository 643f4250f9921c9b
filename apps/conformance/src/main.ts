#!/usr/bin/env node
import { abortOnInterruption } from './interruption.ts';
import { runProgram } from './program.ts';

const stderr = (text: string): boolean => process.stderr.write(text);

process.exitCode = await runProgram(process.argv.slice(2), {
  environment: process.env,
  stdout: (text) => process.stdout.write(text),
  stderr,
  signal: abortOnInterruption(process, stderr),
});
