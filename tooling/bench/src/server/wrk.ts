import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isOnePerThread, loadAsText, type Load } from './load.ts';
import { bytesMoved } from './process-figures.ts';

export interface WrkRun {
  readonly url: string;
  readonly load: Load;
  readonly connections: number;
  readonly seconds: number;
  /** Where the load's description is written. */
  readonly directory: string;
}

export interface WrkOutcome {
  readonly requestsPerSecond: number;
  /**
   * Bytes per second over the sockets, in the direction that has more of them; transfers that were not finished count
   * too.
   */
  readonly bytesPerSecond: number;
  /** Milliseconds; null if no request was finished. */
  readonly p50: number | null;
  readonly p99: number | null;
}

interface Summary {
  readonly requests: number;
  readonly microseconds: number;
  readonly failed: number;
  readonly p50: number;
  readonly p99: number;
}

const script = fileURLToPath(new URL('../../wrk/request.lua', import.meta.url));
/** Milliseconds that are left out at both ends, while connections are opened and closed. */
const margin = 500;

/** Says what to do where wrk is not installed, before anything else is done. */
export async function requireWrk(): Promise<void> {
  const process = spawn('wrk', ['--version'], { stdio: 'ignore' });
  const [error] = (await Promise.race([once(process, 'error'), once(process, 'exit').then(() => [])])) as [Error?];
  if (error !== undefined)
    throw new Error("The server benchmark needs wrk as load generator: 'apt-get install wrk' on Debian", {
      cause: error,
    });
}

/** Puts a server under load. Throws if a request fails, since failed requests are cheap. */
export async function runWrk({ url, load, connections, seconds, directory }: WrkRun): Promise<WrkOutcome> {
  const description = join(directory, 'load');
  await writeFile(description, loadAsText(load, new URL(url).host));
  const options = [
    `-t${isOnePerThread(load) ? connections : 1}`,
    `-c${connections}`,
    `-d${seconds}s`,
    '--timeout',
    '120s',
    '-s',
    script,
    url,
  ];
  const environment = { ...process.env, COFFER_BENCH_LOAD: description };
  const wrk = spawn('wrk', options, { stdio: ['ignore', 'pipe', 'inherit'], env: environment });
  const [output, bytesPerSecond] = await Promise.all([outputOf(wrk), byteRate(wrk, seconds)]);
  const summary = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Summary;
  if (summary.failed > 0) throw new Error(`${summary.failed} requests failed:\n${output}`);
  const milliseconds = (microseconds: number) => (summary.requests === 0 ? null : microseconds / 1000);
  return {
    requestsPerSecond: summary.requests / (summary.microseconds / 1e6),
    bytesPerSecond,
    p50: milliseconds(summary.p50),
    p99: milliseconds(summary.p99),
  };
}

async function outputOf(wrk: ChildProcess): Promise<string> {
  let output = '';
  wrk.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [code] = (await once(wrk, 'close')) as [number | null];
  if (code !== 0) throw new Error(`wrk failed:\n${output}`);
  return output;
}

async function byteRate({ pid }: ChildProcess, seconds: number): Promise<number> {
  if (pid === undefined) return Number.NaN;
  await delay(margin);
  const [before, start] = [await bytesMoved(pid), performance.now()];
  await delay(seconds * 1000 - 2 * margin);
  const [after, end] = [await bytesMoved(pid), performance.now()];
  return Math.max(after.read - before.read, after.written - before.written) / ((end - start) / 1000);
}
