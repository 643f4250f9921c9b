import cluster from 'node:cluster';
import type { ServerConfig } from '../config/server-config.ts';
import type { RunningServer } from '../server/running-server.ts';
import type { StartOptions } from '../server/server-context.ts';
import { startBehind } from '../server/start-server.ts';
import { WorkerPool } from './worker-pool.ts';

/** The hidden command that a worker runs. */
export const workerCommand = 'serve-worker';

/**
 * Starts a server with worker processes, which run this process's own program. This process holds the data directory,
 * finishes what a crash interrupted before there is a worker, does the work in the background and answers the
 * operator's listener.
 *
 * @throws StartupError as a server without workers does.
 */
export async function startPrimary(config: ServerConfig, options: StartOptions = {}): Promise<RunningServer> {
  return startBehind(config, options, (context, { storage, keyring, lock }) => {
    // The system distributes connections. If node:cluster did, a connection on its way to a worker that is killed would
    // hang for ever.
    cluster.schedulingPolicy = cluster.SCHED_NONE;
    cluster.setupPrimary({
      args: [workerCommand],
      serialization: 'advanced',
      // Workers hold the lock, too: if this process is killed, the next server waits until the last of them has ended.
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', lock?.descriptor ?? 'ignore'],
    });
    return new WorkerPool(context, { health: () => storage.health(), reloadKeys: () => keyring.reload() });
  });
}
