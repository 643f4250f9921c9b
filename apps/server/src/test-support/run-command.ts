import { runProgram } from '../cli/program.ts';

/** Runs a command to its end; its exit code and what it printed. */
export async function runCommand(...args: readonly string[]) {
  const output = { stdout: '', stderr: '' };
  const code = await runProgram(args, {
    stdout: (text) => (output.stdout += text),
    announce: (text) => (output.stdout += text),
    stderr: (text) => (output.stderr += text),
    stdoutIsTerminal: false,
    environment: {},
    command: 'coffer',
    onStopSignal: () => () => undefined,
    onReloadSignal: () => undefined,
  });
  return { code, ...output };
}
