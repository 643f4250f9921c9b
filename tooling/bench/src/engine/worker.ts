import { parentPort, workerData } from 'node:worker_threads';
import { createWorkload, type ContestantName } from './workload.ts';

/**
 * Runs contestants on a thread of its own: for each name that it receives, it runs that contestant once and answers
 * with the number of bytes done.
 */
const { size } = workerData as { readonly size: number };
const workload = await createWorkload(size);
const port = parentPort;
if (port === null) throw new Error('This is a worker thread of the engine benchmark');

port.on('message', (name: ContestantName) => {
  void (async () => {
    port.postMessage(await workload[name]());
  })();
});
port.postMessage('ready');
