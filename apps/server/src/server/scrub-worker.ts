import type { Finding, VerificationCursor, VerificationRun, VerificationService } from '@coffer/storage-core';
import type { Clock } from '@coffer/storage-ports';
import type { Logger } from 'pino';
import type { KeptRuns } from '../data/cursor-file.ts';
import type { ScrubFigures } from '../observe/metrics.ts';
import type { Timer } from './timer.ts';

/** A server that was just started has other things to do. */
const soonMilliseconds = 60_000;
/** Findings of one run that are logged as errors; the others are only counted. */
const loggedFindings = 100;
/** Milliseconds between two times at which the progress of a run is stored. */
const keptMilliseconds = 60_000;
/** Milliseconds: a little less than the longest time that a timer of Node takes. */
const longestWait = 2_000_000_000;

/** Where the progress of runs is kept between two starts. */
interface ScrubMemory {
  load(): Promise<KeptRuns | undefined>;
  save(kept: KeptRuns): Promise<void>;
}

export interface ScrubWorkerOptions {
  readonly verification: VerificationService;
  /** Seconds from the end of one run to the beginning of the next; 0: there are no runs. */
  readonly intervalSeconds: number;
  readonly bytesPerSecond: number;
  readonly memory: ScrubMemory;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
  /** Called for every error that keeps a run from its end, in addition to the log. */
  readonly onError: (error: unknown) => void;
}

/** Verifies all that is stored again and again. */
export interface ScrubWorker {
  readonly figures: ScrubFigures;
  /** Ends a run that is under way; the next start continues it. Idempotent. */
  stop(): Promise<void>;
}

export function startScrubWorker(options: ScrubWorkerOptions): ScrubWorker {
  const scrub = new Scrub(options);
  scrub.begin();
  return scrub;
}

class Scrub implements ScrubWorker {
  readonly #options: ScrubWorkerOptions;
  readonly #stopping = new AbortController();
  #underWay = Promise.resolve();
  #cancel: () => void = () => undefined;
  #run: VerificationRun | undefined;
  /**
   * Bytes that ended runs have read, minus those that the run under way had already read before this process continued
   * it.
   */
  #bytesBefore = 0;
  #finishedAt: number | null = null;

  constructor(options: ScrubWorkerOptions) {
    this.#options = options;
  }

  get figures(): ScrubFigures {
    const { damaged = 0, orphans = 0, bytes = 0 } = this.#run?.counts ?? {};
    return { finishedAt: this.#finishedAt, damaged, orphans, bytes: this.#bytesBefore + bytes };
  }

  begin(): void {
    const { intervalSeconds } = this.#options;
    if (intervalSeconds > 0) this.#after(soonMilliseconds, () => this.#continue());
  }

  stop(): Promise<void> {
    this.#stopping.abort();
    this.#cancel();
    return this.#underWay;
  }

  #after(milliseconds: number, work: () => Promise<void>): void {
    if (this.#stopping.signal.aborted) return;
    this.#cancel = this.#options.timer(Math.min(milliseconds, longestWait), () => {
      this.#underWay = work();
    });
  }

  /**
   * Continues an unfinished run. Otherwise begins a new one, if the last one ended long enough ago, or waits until
   * then.
   */
  async #continue(): Promise<void> {
    const { memory, clock, logger, intervalSeconds } = this.#options;
    const kept = await memory.load().catch((error: unknown) => {
      logger.warn({ err: error }, 'how far the scrub has come cannot be read; it begins anew');
      return undefined;
    });
    this.#finishedAt = kept?.finishedAt ?? null;
    const since = clock.now() - (this.#finishedAt ?? 0);
    const wait = intervalSeconds * 1_000 - since;
    const mustWait = (kept?.cursor ?? null) === null && since >= 0 && wait > 0;
    if (mustWait) this.#after(wait, () => this.#scrub(null));
    else await this.#scrub(kept?.cursor ?? null);
  }

  /** Never rejects: the next run tries again. */
  async #scrub(from: VerificationCursor | null): Promise<void> {
    const { clock, logger, onError, intervalSeconds } = this.#options;
    try {
      const run = await this.#open(from);
      await this.#follow(run);
      this.#finishedAt = clock.now();
      await this.#keep(null);
      const { damaged } = run.counts;
      logger[damaged > 0 ? 'error' : 'info'](
        { ...run.counts },
        damaged > 0 ? 'scrub: data is damaged' : 'scrub: all is whole',
      );
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      onError(error);
      logger.error({ err: error }, 'the scrub was interrupted; it goes on later');
    }
    this.#after(intervalSeconds * 1_000, () => this.#continue());
  }

  async #open(from: VerificationCursor | null): Promise<VerificationRun> {
    const { verification, bytesPerSecond, logger } = this.#options;
    const limits = { bytesPerSecond, signal: this.#stopping.signal };
    const bytes = this.figures.bytes;
    let run: VerificationRun;
    try {
      run = await verification.begin({ ...limits, ...(from !== null && { from }) });
    } catch (error) {
      if (from === null) throw error;
      logger.warn({ err: error }, 'an unfinished scrub cannot be continued; it begins anew');
      run = await verification.begin(limits);
    }
    this.#bytesBefore = bytes - run.counts.bytes;
    this.#run = run;
    return run;
  }

  async #follow(run: VerificationRun): Promise<void> {
    const { timer } = this.#options;
    let cancel: () => void = () => undefined;
    let hasEnded = false;
    const keepAgain = (): void => {
      if (hasEnded) return;
      cancel = timer(keptMilliseconds, () => {
        void this.#keep(run.cursor).then(keepAgain);
      });
    };
    keepAgain();
    let logged = 0;
    try {
      for await (const finding of run.findings()) this.#log(finding, finding.kind === 'orphan' ? logged : logged++);
    } finally {
      hasEnded = true;
      cancel();
      await this.#keep(run.cursor);
    }
  }

  #log({ kind, table, bucketId, fileId, partNumber, blobId, detail }: Finding, before: number): void {
    const { logger } = this.#options;
    const place = { kind, table, bucketId, fileId, partNumber, blobId };
    if (kind === 'orphan') logger.debug(place, detail);
    else if (before < loggedFindings) logger.error(place, `scrub: ${detail}`);
    else if (before === loggedFindings)
      logger.error(
        `scrub: ${loggedFindings} findings were logged; the others are only counted. coffer verify lists them`,
      );
  }

  /** Stores the progress. If that fails, for example on a full disk, the run goes on. */
  async #keep(cursor: VerificationCursor | null): Promise<void> {
    const { memory, logger } = this.#options;
    await memory.save({ cursor, finishedAt: this.#finishedAt }).catch((error: unknown) => {
      logger.warn({ err: error }, 'how far the scrub has come cannot be kept');
    });
  }
}
