import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { keyVariables } from '../server/coffer-account.ts';
import { processorSeconds } from '../server/process-figures.ts';

/** Milliseconds between two questions: a program that is asked all the time is kept from starting. */
const pollMs = 3;
const limitMs = 120_000;

/** What a start cost, in milliseconds since the process was made. */
export interface StartFigures {
  /** Until anything answered at the address, also with an error. */
  readonly answered: number;
  /** Until it answered 200. */
  readonly ready: number;
  /** Of processor, in all processes and threads, until it answered 200. Linux counts in steps of 10. */
  readonly processor: number;
}

/**
 * Starts a Node program, asks the address until the answer is 200, and stops the program again.
 *
 * @param url Where it answers 200 once it serves.
 * @param environment Variables beside those of this process.
 * @throws Error if it ends by itself, with what it wrote to stderr.
 */
export async function measureStart(
  node: readonly string[],
  url: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<StartFigures> {
  const began = performance.now();
  const child = spawn(process.execPath, node, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...keyVariables, ...environment },
  });
  const ended = once(child, 'close');
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  let answered: number | undefined;
  try {
    for (;;) {
      const status = await statusOf(url);
      const elapsed = performance.now() - began;
      if (status !== undefined) answered ??= elapsed;
      if (status === 200) {
        const processor = (await processorSeconds(child.pid ?? 0)) * 1000;
        return { answered: answered ?? elapsed, ready: elapsed, processor };
      }
      if (child.exitCode !== null || elapsed > limitMs) throw new Error(`The program does not serve:\n${errors}`);
      await pause(pollMs);
    }
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

/** Milliseconds that a Node program takes from its start to its end. */
export async function measureRun(node: readonly string[]): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, node, { stdio: 'ignore' });
  await once(child, 'exit');
  return performance.now() - began;
}

/** A port on which nobody listens just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The status that a GET is answered with; undefined without an answer. */
function statusOf(url: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    request(url, { agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', () => {
        resolve(undefined);
      })
      .end();
  });
}
