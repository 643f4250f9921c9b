import {
  LifecycleError,
  StorageError,
  type LifecycleActionKind,
  type LifecycleOutcome,
  type LifecycleService,
} from '@coffer/storage-core';
import type { Logger } from 'pino';
import { repeat } from './repeat.ts';
import type { Timer } from './timer.ts';

/** A server that was just started has other things to do. */
const firstRunMilliseconds = 10_000;
/** Failures of one run that are logged. On a full disk, on which the log may be as well, there may be millions. */
const loggedFailures = 100;

export interface LifecycleWorkerOptions {
  readonly lifecycle: Pick<LifecycleService, 'run'>;
  /** Seconds from the end of one run to the next; 0: there are no runs. */
  readonly intervalSeconds: number;
  readonly timer: Timer;
  readonly logger: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
  /** Called for every error, in addition to the log. */
  readonly onError: (error: unknown) => void;
}

/** Applies lifecycle rules again and again, first soon after it is made. */
export interface LifecycleWorker {
  /** Ends a run that is under way after the actions it has begun. Idempotent. */
  stop(): Promise<void>;
}

export function startLifecycleWorker(options: LifecycleWorkerOptions): LifecycleWorker {
  const { intervalSeconds, timer } = options;
  const stopping = new AbortController();
  const pause: Pause = { isTold: false };
  if (intervalSeconds === 0) return { stop: () => Promise.resolve() };
  const stop = repeat({
    timer,
    firstMilliseconds: firstRunMilliseconds,
    everyMilliseconds: intervalSeconds * 1_000,
    work: () => runOnce(options, pause, stopping.signal),
  });
  return {
    stop: () => {
      stopping.abort();
      return stop();
    },
  };
}

/** Remembers that runs pause because the clock is doubted, so that this is logged only once. */
interface Pause {
  isTold: boolean;
}

/** Makes one run. Never rejects: the next run tries again. */
async function runOnce(
  { lifecycle, logger, onError }: LifecycleWorkerOptions,
  pause: Pause,
  signal: AbortSignal,
): Promise<void> {
  const done: Partial<Record<LifecycleActionKind, number>> = {};
  const counts = { skipped: 0, failed: 0 };
  try {
    for await (const outcome of lifecycle.run({ signal })) {
      logOutcome(logger, outcome, counts.failed < loggedFailures ? 'warn' : 'debug');
      const { action, result } = outcome;
      if (result === 'done') done[action.kind] = (done[action.kind] ?? 0) + 1;
      if (result === 'skipped' || result === 'failed') counts[result]++;
      if (outcome.result === 'failed') onError(outcome.error);
    }
    pause.isTold = false;
    logger.info({ done, ...counts }, 'lifecycle rules applied');
  } catch (error) {
    if (signal.aborted) {
      logger.info({ done, ...counts }, 'lifecycle rules applied in part: the server stops');
      return;
    }
    if (StorageError.is(error, 'clock_doubted')) {
      logger[pause.isTold ? 'debug' : 'warn'](
        { done, ...counts },
        'lifecycle rules pause until the clock is confirmed',
      );
      pause.isTold = true;
      return;
    }
    for (const { about, cause } of failuresIn(error)) {
      onError(cause);
      logger.error({ ...about, err: cause, done, ...counts }, 'lifecycle rules could not be applied');
    }
  }
}

/** The failures of single buckets, while all others were completed, or the failure of the whole run. */
function failuresIn(error: unknown): readonly { readonly about: object; readonly cause: unknown }[] {
  if (!(error instanceof LifecycleError)) return [{ about: {}, cause: error }];
  return error.buckets.map(({ bucketId, bucketName, error: cause }) => ({ about: { bucketId, bucketName }, cause }));
}

function logOutcome(
  logger: LifecycleWorkerOptions['logger'],
  outcome: LifecycleOutcome,
  failureLevel: 'warn' | 'debug',
): void {
  const { kind, bucketId, fileId } = outcome.action;
  if (outcome.result === 'failed')
    logger[failureLevel]({ kind, bucketId, fileId, err: outcome.error }, 'lifecycle action failed');
  else logger.debug({ kind, bucketId, fileId, result: outcome.result }, 'lifecycle action');
}
