import type { QuarantineService } from '@coffer/storage-core';
import { repeat } from './repeat.ts';
import type { ServerContext } from './server-context.ts';

const everyMilliseconds = 3_600_000;
const page = 1_000;

/**
 * Until the clean-up, removes every hour the blobs from quarantine that have been there long enough and that nothing
 * names, and shows how many blobs are there. `leftInPlace`: blobs that no file names and that recovery did not move.
 */
export async function tendQuarantine(
  { timer, logger, metrics, cleanup }: Pick<ServerContext, 'timer' | 'logger' | 'metrics' | 'cleanup'>,
  quarantine: Pick<QuarantineService, 'list' | 'purgeExpired'>,
  leftInPlace: number,
): Promise<void> {
  let held = await countHeld(quarantine);
  metrics.watchQuarantine(() => ({ held, leftInPlace }));
  const work = async (): Promise<void> => {
    try {
      const blobs = await quarantine.purgeExpired();
      if (blobs > 0) logger.info({ blobs }, 'removed blobs whose time in quarantine was over');
      held = await countHeld(quarantine);
    } catch (error) {
      metrics.errorSeen(error);
      logger.error({ err: error }, 'the quarantine could not be looked at; that is tried again');
    }
  };
  cleanup.add(repeat({ timer, firstMilliseconds: everyMilliseconds, everyMilliseconds, work }));
}

async function countHeld(quarantine: Pick<QuarantineService, 'list'>): Promise<number> {
  let held = await quarantine.list({ limit: page });
  let count = held.length;
  for (let last = held.at(-1); last !== undefined && held.length === page; last = held.at(-1)) {
    held = await quarantine.list({ after: last.blobId, limit: page });
    count += held.length;
  }
  return count;
}
