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

/** How a server's process is made, beside its program and options. */
export interface ProcessOptions {
  /** Options of Node. */
  readonly node?: readonly string[];
  /** Variables beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Receives all that the server writes to stdout. */
  readonly onOutput?: (text: string) => void;
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
  { node = [], environment = {}, onOutput }: ProcessOptions = {},
): Promise<ServerProcess> {
  const log = await open(logFile, 'w');
  const env = { ...process.env, ...keyVariables, ...environment };
  const child = spawn(process.execPath, [...node, program, ...options], { stdio: ['ignore', 'pipe', log.fd], env });
  await log.close();
  const output = await readyOutput(child, ready, onOutput);
  if (!ready.test(output)) throw new Error(`The server did not start:\n${output}${await readFile(logFile, 'utf8')}`);
  return {
    pid: child.pid ?? 0,
    output,
    close: async () => {
      // Not before its output has ended, too.
      const closed = once(child, 'close');
      child.kill('SIGTERM');
      await closed;
    },
  };
}

/** What it wrote until it was ready, or ended. All that comes later is read as well, since nobody waits for it else. */
function readyOutput(child: ChildProcess, ready: RegExp, onOutput: ProcessOptions['onOutput']): Promise<string> {
  return new Promise((resolve) => {
    let output = '';
    let isReady = false;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      onOutput?.(text);
      if (isReady) return;
      output += text;
      isReady = ready.test(output);
      if (isReady) resolve(output);
    });
    child.stdout?.once('end', () => {
      resolve(output);
    });
  });
}
