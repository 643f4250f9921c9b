import type { ClockJudgement, ClockService } from '@coffer/storage-core';
import type { Logger } from 'pino';
import { clockDoubtText, clockRemedy } from './clock-doubt.ts';
import type { Timer } from './timer.ts';

/**
 * Milliseconds between two looks at the clock, so a jump is reported within this time. It has no effect before that,
 * because work that deletes something judges the clock itself.
 */
const lookEvery = 30_000;

export interface ClockKeeperOptions {
  readonly clock: Pick<ClockService, 'keep'>;
  readonly timer: Timer;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'debug'>;
}

/** Keeps the store's mark of the clock, and tells the operator when the clock is doubted and when that is over. */
export interface ClockKeeper {
  /** Whether the clock was doubted when it was last looked at. */
  isDoubted(): boolean;
  /** Keeps the mark for the next start. Idempotent. */
  stop(): Promise<void>;
}

/** Looks at the clock once before it resolves, and then twice a minute. */
export async function startClockKeeper({ clock, timer, logger }: ClockKeeperOptions): Promise<ClockKeeper> {
  let isDoubted = false;
  let isStopped = false;
  let cancel: () => void = () => undefined;
  const look = async (now: boolean): Promise<void> => {
    try {
      isDoubted = tell(logger, await clock.keep({ now }), isDoubted);
    } catch (error) {
      // Other parts report a store that takes no commits, and the next look tries again.
      logger.debug({ err: error }, 'the mark of the clock could not be kept');
    }
  };
  const wait = (): void => {
    cancel = timer(lookEvery, () => {
      underWay = look(false).then(() => {
        if (!isStopped) wait();
      });
    });
  };
  let underWay = look(false);
  await underWay;
  wait();
  return {
    isDoubted: () => isDoubted,
    stop: async () => {
      if (isStopped) return;
      isStopped = true;
      cancel();
      await underWay;
      await look(true);
    },
  };
}

/** Logs what has changed; returns whether the clock is doubted now. */
function tell(logger: ClockKeeperOptions['logger'], judgement: ClockJudgement, before: boolean): boolean {
  const reason = clockDoubtText(judgement);
  if (reason !== undefined && !before)
    logger.warn(
      { doubt: judgement.doubt, now: judgement.now, seen: judgement.seen },
      `${reason} While it is doubted, no lifecycle rule is applied and no retention ends by it. ${clockRemedy}`,
    );
  if (reason === undefined && before) logger.info({ now: judgement.now }, 'the clock is no longer doubted');
  return reason !== undefined;
}
