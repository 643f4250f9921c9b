import { once } from 'node:events';
import process from 'node:process';
import type { Environment } from '../keys/root-key-source.ts';
import { createLocalFront, type LocalFront } from '../server/local-front.ts';
import { openStorageInWorker } from '../server/open-storage.ts';
import { createContext, type ServerContext } from '../server/server-context.ts';
import { StartupError } from '../startup-error.ts';
import type { FromWorker, ToWorker, WorkerConfig, WorkerReport } from './messages.ts';

/**
 * Serves clients until the primary says that it is enough. Where the primary ends by itself so does this process, at once, which
 * node:cluster sees to. What goes wrong at the start is the primary's to say.
 *
 * @throws StartupError `config` in a process that is nobody's worker.
 */
export async function serveWorker(environment: Environment): Promise<void> {
  if (process.send === undefined) throw new StartupError('config', 'A worker is started by coffer serve, not by hand.');
  const [{ config }] = (await once(process, 'message')) as [Extract<ToWorker, { kind: 'serve' }>];
  const context = workerContext(config, environment);
  try {
    await serve(context);
  } catch (error) {
    await tell({
      kind: 'failed',
      code: error instanceof StartupError ? error.code : null,
      message: error instanceof Error ? error.message : 'something that is no error was thrown',
    });
  } finally {
    await context.cleanup.run().catch(() => undefined);
    if (process.connected) process.disconnect();
  }
}

function workerContext(config: WorkerConfig, environment: Environment): ServerContext {
  const context = createContext({ ...config, masterKey: undefined }, { environment });
  return { ...context, logger: context.logger.child({ worker: process.pid }) };
}

async function serve(context: ServerContext): Promise<void> {
  const { storage } = await openStorageInWorker(context.config, context);
  const front = createLocalFront(context, storage);
  const report = async (): Promise<WorkerReport> => ({
    health: storage.health(),
    metrics: await context.metrics.values(),
  });
  const urls = await front.open();
  const done = obey(front, report);
  await tell({ kind: 'serving', urls });
  await done;
  await tell({ kind: 'report', id: null, report: await report() });
}

/** Resolves when the front is closed, as the primary wanted. */
function obey(front: LocalFront, report: () => Promise<WorkerReport>): Promise<void> {
  return new Promise((resolve, reject) => {
    process.on('message', (message: ToWorker) => {
      switch (message.kind) {
        case 'report':
          void report().then((answer) => tell({ kind: 'report', id: message.id, report: answer }));
          return;
        case 'drain':
          front.drain().then(resolve, reject);
          return;
        case 'stop':
          front.close(message.graceMs).then(resolve, reject);
          return;
        case 'serve':
      }
    });
  });
}

/** Resolves once it is on its way, or can not be: then the primary is gone, and this process ends. */
function tell(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else
      process.send(message, undefined, undefined, () => {
        resolve();
      });
  });
}
