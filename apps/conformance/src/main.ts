#!/usr/bin/env node
import { abortOnInterruption } from './interruption.ts';
import { clearLine } from './progress.ts';
import { runProgram } from './program.ts';
import { abortWhenUnread } from './unread-output.ts';

const { stderr } = process;
const say = (text: string): boolean => stderr.write(text);
const unread = abortWhenUnread([process.stdout, stderr], say);
const interrupted = abortOnInterruption(process, (text) => say(stderr.isTTY ? `${clearLine}${text}` : text));

process.exitCode = await runProgram(process.argv.slice(2), {
  environment: process.env,
  stdout: (text) => process.stdout.write(text),
  stderr: say,
  ...(stderr.isTTY && { columns: () => stderr.columns }),
  signal: AbortSignal.any([interrupted, unread]),
});
