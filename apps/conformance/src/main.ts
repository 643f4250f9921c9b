#!/usr/bin/env node
import { abortOnInterruption } from './interruption.ts';
import { clearLine } from './progress.ts';
import { runProgram } from './program.ts';

const { stderr } = process;
const say = (text: string): boolean => stderr.write(text);

process.exitCode = await runProgram(process.argv.slice(2), {
  environment: process.env,
  stdout: (text) => process.stdout.write(text),
  stderr: say,
  ...(stderr.isTTY && { columns: () => stderr.columns }),
  signal: abortOnInterruption(process, (text) => say(stderr.isTTY ? `${clearLine}${text}` : text)),
});
