import { setTimeout as pause } from 'node:timers/promises';
import type { StorageHealth } from '@coffer/storage-core';
import { loadTls } from '../tls/tls-material.ts';
import type { ListenerUrls } from '../net/origins.ts';
import { keysOfWorkers } from '../net/reserved-ports.ts';
import type { MetricsPage, MetricValues } from '../observe/metrics.ts';
import type { Front } from '../server/front.ts';
import type { ServerContext } from '../server/server-context.ts';
import { BackOff } from './back-off.ts';
import type { WorkerConfig } from './messages.ts';
import { addEnded, renderSum } from './metric-sum.ts';
import { WorkerProcess } from './worker-process.ts';

/** Milliseconds beyond the grace that a worker is given to close its store, before it is killed. */
const closingMs = 10_000;

/** The states of the storage, the worst last. */
const healthOrder = ['ok', 'read-only', 'failed'] as const satisfies readonly StorageHealth['state'][];

/** The storage of the primary itself. */
export interface OwnStorage {
  readonly health: () => StorageHealth;
  /** Reads the keyring again from its file. @throws KeyringError */
  readonly reloadKeys: () => Promise<void>;
}

/** Keeps the configured number of workers serving. */
export class WorkerPool implements Front {
  readonly #context: ServerContext;
  readonly #config: WorkerConfig;
  readonly #own: OwnStorage;
  /** Workers that accept connections, with the time since when. */
  readonly #serving = new Map<WorkerProcess, number>();
  /** Workers that are starting, or that finish the requests of their clients before they end. */
  readonly #others = new Set<WorkerProcess>();
  readonly #backOff = new BackOff();
  readonly #stopping = new AbortController();
  #ended: readonly MetricValues[] = [];
  #retiring: Promise<unknown> = Promise.resolve();
  #restarting: Promise<void> = Promise.resolve();
  #closed: Promise<void> | undefined;

  constructor(context: ServerContext, own: OwnStorage) {
    this.#context = context;
    const { masterKey: _, s3Key: _s3Key, ...config } = context.config;
    this.#config = config;
    this.#own = own;
    context.metrics.watchWorkers(() => this.#serving.size);
  }

  /** @throws StartupError with the failure of the first worker that fails; then no worker is left. */
  async open(): Promise<ListenerUrls> {
    this.#context.cleanup.add(() => this.close(0));
    // The workers bind them.
    await this.#context.ports.release(keysOfWorkers);
    await this.#prepareCertificate();
    const [urls] = await Promise.all(Array.from({ length: this.#config.workers }, () => this.#startWorker()));
    return urls ?? { http: undefined, https: undefined, s3: undefined };
  }

  /**
   * Replaces each worker by a new one, one after the other. Old workers take no new connections, and end when their
   * clients are done. If a new one cannot start, the rest of the old ones stay. Never rejects.
   */
  reload(): Promise<void> {
    this.#restarting = this.#restarting.then(() => this.#restartEach());
    return this.#restarting;
  }

  close(graceMs: number): Promise<void> {
    this.#closed ??= this.#close(graceMs);
    return this.#closed;
  }

  async refresh(): Promise<void> {
    await Promise.all([...this.#serving.keys(), ...this.#others].map((worker) => worker.ask()));
  }

  health(): StorageHealth {
    const reports = [...this.#serving.keys()].flatMap(({ report }) => (report ? [report.health] : []));
    return reports.reduce(worse, this.#own.health());
  }

  shortcoming(): string | undefined {
    const { workers } = this.#config;
    const able = [...this.#serving.keys()].filter(({ answers }) => answers).length;
    return able < workers ? `${able} of ${workers} workers serve` : undefined;
  }

  async values(): Promise<readonly MetricValues[]> {
    return (await this.#figures()).flat();
  }

  async render(): Promise<MetricsPage> {
    return renderSum(await this.#figures());
  }

  async #figures(): Promise<readonly (readonly MetricValues[])[]> {
    await this.#retiring;
    const reports = [...this.#serving.keys(), ...this.#others].flatMap(({ report }) =>
      report ? [report.metrics] : [],
    );
    return [await this.#context.metrics.values(), ...reports, this.#ended];
  }

  async #startWorker(): Promise<ListenerUrls> {
    const worker = new WorkerProcess(this.#config);
    this.#others.add(worker);
    void worker.ended.then(() => {
      this.#forget(worker);
    });
    const urls = await worker.serving;
    this.#others.delete(worker);
    this.#serving.set(worker, performance.now());
    void this.#watch(worker);
    this.#context.logger.info({ worker: worker.pid }, 'worker serves');
    return urls;
  }

  /** Replaces a worker that ends without having been told to. */
  async #watch(worker: WorkerProcess): Promise<void> {
    const since = performance.now();
    const { code, signal } = await worker.ended;
    const wasServing = this.#serving.delete(worker);
    if (!wasServing || this.#stopping.signal.aborted) return;
    this.#context.logger.error({ worker: worker.pid, code, signal }, 'a worker ended by itself');
    this.#backOff.failed(performance.now() - since);
    await this.#replace();
  }

  async #replace(): Promise<void> {
    const { signal } = this.#stopping;
    for (;;) {
      await pause(this.#backOff.delayMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await this.#startWorker();
        return;
      } catch (error) {
        this.#backOff.failed(0);
        this.#context.logger.error({ err: error }, 'a worker cannot be started');
      }
    }
  }

  async #restartEach(): Promise<void> {
    const { logger } = this.#context;
    logger.info('restarting the workers');
    try {
      await this.#own.reloadKeys();
      await this.#prepareCertificate();
      for (const old of [...this.#serving.keys()]) {
        // A worker that has ended meanwhile was replaced already.
        if (this.#stopping.signal.aborted || !this.#serving.has(old)) continue;
        await this.#startWorker();
        if (!this.#serving.delete(old)) continue;
        this.#others.add(old);
        old.drain();
      }
    } catch (error) {
      if (!this.#stopping.signal.aborted) logger.error({ err: error }, 'the workers cannot be restarted');
    }
  }

  async #close(graceMs: number): Promise<void> {
    this.#stopping.abort();
    const workers = [...this.#serving.keys(), ...this.#others];
    this.#context.logger.info({ workers: workers.map(({ pid }) => pid) }, 'stopping');
    const timer = setTimeout(() => {
      for (const worker of workers) worker.kill();
    }, graceMs + closingMs);
    for (const worker of workers) worker.stop(graceMs);
    await Promise.all(workers.map(({ ended }) => ended));
    clearTimeout(timer);
  }

  #forget(worker: WorkerProcess): void {
    this.#others.delete(worker);
    const { report } = worker;
    if (report === undefined) return;
    this.#retiring = this.#retiring.then(async () => {
      this.#ended = await addEnded(this.#ended, report.metrics);
    });
  }

  /** Makes a self-made certificate before workers start, so that they do not each make one at the same time. */
  async #prepareCertificate(): Promise<void> {
    const { https } = this.#config;
    if (https) await loadTls(https.tls, this.#context.clock.now());
  }
}

function worse(one: StorageHealth, other: StorageHealth): StorageHealth {
  return healthOrder.indexOf(other.state) > healthOrder.indexOf(one.state) ? other : one;
}
