import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { keyVariables } from './coffer-account.ts';

/** A server in a process of its own that says on stdout where it listens. */
export interface ServerProcess {
  readonly pid: number;
  /** What it wrote to stdout until it was ready. */
  readonly output: string;
  close(): Promise<void>;
}

/**
 * Starts a Node program and waits until its output has what `ready` looks for. What it writes to stderr goes into
 * `logFile`.
 */
export async function startServerProcess(
  program: string,
  options: readonly string[],
  ready: RegExp,
  logFile: string,
): Promise<ServerProcess> {
  const log = await open(logFile, 'w');
  const env = { ...process.env, ...keyVariables };
  const child = spawn(process.execPath, [program, ...options], { stdio: ['ignore', 'pipe', log.fd], env });
  await log.close();
  const output = await readyOutput(child, ready);
  if (!ready.test(output)) throw new Error(`The server did not start:\n${output}${await readFile(logFile, 'utf8')}`);
  return {
    pid: child.pid ?? 0,
    output,
    close: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function readyOutput(child: ChildProcess, ready: RegExp): Promise<string> {
  let output = '';
  for await (const text of child.stdout?.setEncoding('utf8') ?? []) {
    output += String(text);
    if (ready.test(output)) break;
  }
  return output;
}
