import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ProbeFigures, ProbeStart } from './probe-messages.ts';

/**
 * Another client, which uploads and downloads 4 KiB in turn, on a thread of its own, so that delays in the event loop
 * of the load do not count as delays of the server.
 */
export class Probe {
  readonly #worker: Worker;

  constructor(start: ProbeStart) {
    this.#worker = new Worker(new URL('./probe-worker.js', import.meta.url), { workerData: start });
  }

  async stop(): Promise<ProbeFigures> {
    const answered = once(this.#worker, 'message') as Promise<[ProbeFigures]>;
    this.#worker.postMessage('stop');
    const [figures] = await answered;
    return figures;
  }
}

/** The most milliseconds that the given percentage of the requests took. */
export function percentile(times: readonly number[], percent: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN;
}
