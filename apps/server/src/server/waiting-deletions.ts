import type { Storage } from '@coffer/storage-core';
import { repeat } from './repeat.ts';
import type { ServerContext } from './server-context.ts';

const everyMilliseconds = 60_000;

/**
 * Until the clean-up, finishes deletes that had to keep their blobs for a backup, once the backup has ended or died.
 */
export function resumeDeletions(
  { timer, logger, metrics, cleanup }: Pick<ServerContext, 'timer' | 'logger' | 'metrics' | 'cleanup'>,
  { recovery }: Pick<Storage, 'recovery'>,
): void {
  const work = async (): Promise<void> => {
    try {
      const deletions = await recovery.resumeDeletions();
      if (deletions > 0) logger.info({ deletions }, 'finished the deletions that waited for a backup');
    } catch (error) {
      metrics.errorSeen(error);
      logger.error({ err: error }, 'deletions that waited for a backup could not be finished; they are tried again');
    }
  };
  cleanup.add(repeat({ timer, firstMilliseconds: everyMilliseconds, everyMilliseconds, work }));
}
