import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Contestant } from '../measure.ts';
import { contestantNames, type ContestantName } from './workload.ts';

/** Threads that run the same contestant at the same time. */
export class WorkerPool {
  readonly #workers: readonly Worker[];

  private constructor(workers: readonly Worker[]) {
    this.#workers = workers;
  }

  static async start(threads: number, size: number): Promise<WorkerPool> {
    const file = new URL('./worker.js', import.meta.url);
    const workers = Array.from({ length: threads }, () => new Worker(file, { workerData: { size } }));
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    return new WorkerPool(workers);
  }

  /** Contestants that each run on all threads, and are done when the last thread is. */
  contestants(): Record<ContestantName, Contestant> {
    const entries = contestantNames.map((name) => [name, () => this.#run(name)] as const);
    return Object.fromEntries(entries) as Record<ContestantName, Contestant>;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  async #run(name: ContestantName): Promise<number> {
    const answers = this.#workers.map((worker) => once(worker, 'message') as Promise<[number]>);
    for (const worker of this.#workers) worker.postMessage(name);
    return (await Promise.all(answers)).reduce((sum, [bytes]) => sum + bytes, 0);
  }
}
