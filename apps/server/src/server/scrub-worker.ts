import type { Finding, VerificationCursor, VerificationRun, VerificationService } from '@coffer/storage-core';
import type { Clock } from '@coffer/storage-ports';
import type { Logger } from 'pino';
import type { KeptRuns } from '../data/cursor-file.ts';
import type { ScrubFigures } from '../observe/metrics.ts';
import type { Timer } from './timer.ts';

/** A server that was just started has other things to do. */
const soonMilliseconds = 60_000;
/** Of one run, that are errors in the log; the rest is counted. */
const loggedFindings = 100;
/** How often it is kept how far a run has come. */
const keptMilliseconds = 60_000;
/** What a timer of Node takes at most is a little more. */
const longestWait = 2_000_000_000;

/** Where it is kept, between two starts, how far the runs have come. */
interface ScrubMemory {
  load(): Promise<KeptRuns | undefined>;
  save(kept: KeptRuns): Promise<void>;
}

export interface ScrubWorkerOptions {
  readonly verification: VerificationService;
  /** From the end of one run to the beginning of the next; 0: there is none. */
  readonly intervalSeconds: number;
  readonly bytesPerSecond: number;
  readonly memory: ScrubMemory;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
  /** Told of every error that keeps a run from its end, besides the log. */
  readonly onError: (error: unknown) => void;
}

/** Verifies all that is stored again and again. */
export interface ScrubWorker {
  readonly figures: ScrubFigures;
  /** Ends a run that is under way; the next start goes on with it. Idempotent. */
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
  /** Bytes of runs that have ended, and those that the run under way was said to have read when it began. */
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
   * Goes on with a run that was not ended; begins another if the last one is long enough ago, and otherwise waits until
   * it is.
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
      logger.error({ err: error }, 'the scrub could not be ended; it goes on later');
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
      logger.warn({ err: error }, 'an unfinished scrub cannot be gone on with; it begins anew');
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

  /** A disk that is full keeps no progress, and that ends no run. */
  async #keep(cursor: VerificationCursor | null): Promise<void> {
    const { memory, logger } = this.#options;
    await memory.save({ cursor, finishedAt: this.#finishedAt }).catch((error: unknown) => {
      logger.warn({ err: error }, 'how far the scrub has come cannot be kept');
    });
  }
}
