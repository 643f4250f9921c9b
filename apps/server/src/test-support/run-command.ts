import { runProgram } from '../cli/program.ts';
import type { Terminal } from '../cli/terminal.ts';

/** Runs a command to its end; its exit code and what it printed. */
export async function runCommand(...args: readonly string[]) {
  return runCommandOn({}, ...args);
}

/** As {@link runCommand}, on a terminal that is another in some respects. */
export async function runCommandOn(changes: Partial<Terminal>, ...args: readonly string[]) {
  const output = { stdout: '', stderr: '' };
  const code = await runProgram(args, {
    stdout: (text) => (output.stdout += text),
    announce: (text) => (output.stdout += text),
    stderr: (text) => (output.stderr += text),
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    environment: {},
    command: 'coffer',
    onStopSignal: () => () => undefined,
    onReloadSignal: () => undefined,
    ...changes,
  });
  return { code, ...output };
}
