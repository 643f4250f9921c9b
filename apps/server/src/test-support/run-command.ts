import { runProgram } from '../cli/program.ts';

/** Runs a command to its end; its exit code and what it printed. */
export async function runCommand(...args: readonly string[]) {
  const output = { stdout: '', stderr: '' };
  const code = await runProgram(args, {
    stdout: (text) => (output.stdout += text),
    stderr: (text) => (output.stderr += text),
    environment: {},
    command: 'coffer',
    onStopSignal: () => () => undefined,
    onRestartSignal: () => undefined,
  });
  return { code, ...output };
}
