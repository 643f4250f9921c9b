import cluster, { type Worker } from 'node:cluster';
import { StartupError } from '../startup-error.ts';
import type { ListenerUrls } from '../net/origins.ts';
import type { FromWorker, ToWorker, WorkerConfig, WorkerReport } from './messages.ts';

/** Milliseconds within which a worker has to open keys and store and to listen. */
const startLimitMs = 60_000;
/** Milliseconds within which a worker has to answer with a report. */
const answerLimitMs = 2_000;

/** How a worker ended: with a code, or by a signal. */
export interface WorkerEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A worker, seen from the primary. */
export class WorkerProcess {
  /** Resolves when the worker accepts connections. If it ends without doing so, rejects with the reason. */
  readonly serving: Promise<ListenerUrls>;
  /** Resolves when the worker has ended. Never rejects. */
  readonly ended: Promise<WorkerEnd>;
  /** The last report of the worker. */
  report: WorkerReport | undefined;
  /** Whether the worker answered when it was asked last. */
  answers = true;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, () => void>();
  #failure: Error | undefined;
  #asked = 0;

  constructor(config: WorkerConfig) {
    // Only the primary needs the master key.
    this.#worker = cluster.fork({ COFFER_MASTER_KEY: undefined });
    this.ended = this.#end();
    this.serving = this.#start();
    this.#worker.on('message', (message: FromWorker) => {
      if (message.kind === 'listening') this.#tell({ kind: 'serve', config });
      else this.#receive(message);
    });
  }

  /** The system's process id. */
  get pid(): number | undefined {
    return this.#worker.process.pid;
  }

  /** Asks the worker for a report. Never rejects. */
  async ask(): Promise<void> {
    const id = ++this.#asked;
    this.answers = await new Promise<boolean>((resolve) => {
      const settle = (answered: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(answered);
      };
      const timer = setTimeout(settle, answerLimitMs, false);
      this.#waiting.set(id, () => {
        settle(true);
      });
      this.#tell({ kind: 'report', id });
    });
  }

  /** Lets the worker end when its clients are done. */
  drain(): void {
    this.#tell({ kind: 'drain' });
  }

  /** Lets the worker end within `graceMs` milliseconds. */
  stop(graceMs: number): void {
    this.#tell({ kind: 'stop', graceMs });
  }

  kill(): void {
    this.#worker.process.kill('SIGKILL');
  }

  #tell(message: ToWorker): void {
    // A worker that is gone gets no message; its end is noticed elsewhere.
    if (this.#worker.isConnected()) this.#worker.send(message, () => undefined);
  }

  #receive(message: Exclude<FromWorker, { kind: 'listening' }>): void {
    switch (message.kind) {
      case 'failed':
        this.#failure = failureOf(message);
        return;
      case 'report':
        this.report = message.report;
        if (message.id !== null) this.#waiting.get(message.id)?.();
        return;
      case 'serving':
    }
  }

  #end(): Promise<WorkerEnd> {
    return new Promise((resolve) => {
      this.#worker.once('exit', (code: number | null, signal: string | null) => {
        for (const settle of this.#waiting.values()) settle();
        resolve({ code, signal });
      });
      // A process that could not be started emits no `exit` event.
      this.#worker.on('error', (error) => {
        this.#failure ??= error;
        if (this.pid === undefined) resolve({ code: null, signal: null });
      });
    });
  }

  async #start(): Promise<ListenerUrls> {
    const timer = setTimeout(() => {
      this.kill();
    }, startLimitMs);
    try {
      return await new Promise<ListenerUrls>((resolve, reject) => {
        this.#worker.on('message', (message: FromWorker) => {
          if (message.kind === 'serving') resolve(message.urls);
        });
        void this.ended.then((end) => {
          reject(this.#failure ?? endedEarly(end));
        });
      });
    } finally {
      clearTimeout(timer);
    }
  }
}

function failureOf({ code, message }: Extract<FromWorker, { kind: 'failed' }>): StartupError {
  if (code !== null) return new StartupError(code, message);
  return new StartupError('worker', `A worker process failed before it served: ${message}`);
}

function endedEarly({ code, signal }: WorkerEnd): StartupError {
  const how = signal ?? `code ${String(code)}`;
  return new StartupError('worker', `A worker process ended before it served (${how}).`);
}
