import process from 'node:process';
import type { Environment } from '../keys/root-key-source.ts';
import { createLocalFront, type LocalFront } from '../server/local-front.ts';
import { openStorageInWorker } from '../server/open-storage.ts';
import { createContext, type ServerContext } from '../server/server-context.ts';
import { RefusedCredentials } from '../net/refused-credentials.ts';
import { endAtOnce } from '../process-end.ts';
import { StartupError } from '../startup-error.ts';
import type { WorkerConfig, WorkerReport } from './messages.ts';
import { Orders, tell } from './orders.ts';

/**
 * Serves clients until the primary orders it to end. If the primary is gone, this process ends at once. The primary
 * reports what goes wrong at the start.
 *
 * @throws StartupError `config` in a process that no primary has started.
 */
export async function serveWorker(environment: Environment): Promise<void> {
  if (process.send === undefined) throw new StartupError('config', 'A worker is started by coffer serve, not by hand.');
  // Must run before node:cluster's own listener, which calls `process.exit`.
  process.prependListener('disconnect', endAtOnce);
  const orders = new Orders();
  const context = await workerContext(await orders.config, environment);
  try {
    await serve(context, orders);
  } catch (error) {
    await tell({
      kind: 'failed',
      code: error instanceof StartupError ? error.code : null,
      message: error instanceof Error ? error.message : 'something other than an error was thrown',
    });
  } finally {
    await context.cleanup.run().catch(() => undefined);
    process.off('disconnect', endAtOnce);
    if (process.connected) process.disconnect();
  }
}

async function workerContext(config: WorkerConfig, environment: Environment): Promise<ServerContext> {
  const context = await createContext({ ...config, masterKey: undefined, s3Key: undefined }, { environment });
  const { clock, timer, limits } = context;
  const logger = context.logger.child({ worker: process.pid });
  const refusedCredentials = new RefusedCredentials({ clock, timer, logger, longestDelayMs: limits.refusalDelayMs });
  return { ...context, logger, refusedCredentials };
}

async function serve(context: ServerContext, orders: Orders): Promise<void> {
  const opened = await openStorageInWorker(context.config, context);
  const { storage } = opened;
  const front = createLocalFront(context, opened);
  const report = async (): Promise<WorkerReport> => ({
    health: storage.health(),
    metrics: await context.metrics.values(),
  });
  const urls = await front.open();
  await tell({ kind: 'serving', urls });
  await closed(front, orders, report);
  await tell({ kind: 'report', id: null, report: await report() });
}

/** Resolves when the front is closed, as the primary wanted. */
function closed(front: LocalFront, orders: Orders, report: () => Promise<WorkerReport>): Promise<void> {
  return new Promise((resolve, reject) => {
    orders.obey({
      report: (id) => void report().then((answer) => tell({ kind: 'report', id, report: answer })),
      drain: () => {
        front.drain().then(resolve, reject);
      },
      stop: (graceMs) => {
        front.close(graceMs).then(resolve, reject);
      },
    });
  });
}
