import { createSnapshotWorker } from '@coffer/snapshots';
import type { Storage } from '@coffer/storage-core';
import type { SnapshotRecord } from '@coffer/storage-ports';
import type { Logger } from 'pino';
import type { ServerContext } from './server-context.ts';

/** Makes the snapshots that clients ask for from now on, until the clean-up. Of several processes, only one may. */
export function makeSnapshots({ clock, logger, metrics, cleanup }: ServerContext, storage: Storage): void {
  const worker = createSnapshotWorker({
    ...{ storage, clock },
    onEnd: (snapshot) => {
      logEnd(logger, snapshot);
    },
    onError: (error, about) => {
      metrics.errorSeen(error);
      logger.error({ ...about, err: error }, 'a snapshot could not be made');
    },
  });
  worker.start();
  cleanup.add(() => worker.stop());
}

/** Says how a snapshot has ended, and of the files only how many there were. */
function logEnd(logger: Logger, { snapshotId, accountId, bucketId, state, done, size, failure }: SnapshotRecord): void {
  const about = { snapshotId, accountId, bucketId, files: done.files, bytes: size };
  if (state === 'failed') logger.warn({ ...about, code: failure?.code }, 'snapshot failed');
  else logger.info(about, state === 'done' ? 'snapshot made' : 'snapshot cancelled');
}
