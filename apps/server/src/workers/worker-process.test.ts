import cluster from 'node:cluster';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerConfig } from './messages.ts';
import { WorkerProcess } from './worker-process.ts';

/** No worker here comes as far as reading it. */
const config = {} as WorkerConfig;

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'coffer-worker-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

/** A worker process that runs this program. */
async function workerRunning(program: string): Promise<WorkerProcess> {
  const exec = join(directory, 'worker.mjs');
  await writeFile(exec, program);
  cluster.setupPrimary({ exec, execArgv: [], args: [] });
  return new WorkerProcess(config);
}

const failed = (message: object) => `process.send(${JSON.stringify(message)}, () => process.exit(0));`;

describe('a worker process that does not come to serve', () => {
  it.each([
    ['process.exit(3)', 'A worker process ended before it served (code 3).'],
    ["process.kill(process.pid, 'SIGKILL')", 'A worker process ended before it served (SIGKILL).'],
    [
      failed({ kind: 'failed', code: null, message: 'out of luck' }),
      'A worker process failed before it served: out of luck',
    ],
  ])('%s has the code `worker`, and says how it ended', async (program, message) => {
    const worker = await workerRunning(program);
    await expect(worker.serving).rejects.toMatchObject({ name: 'StartupError', code: 'worker', message });
    await worker.ended;
  });

  it('has the code that it gave itself', async () => {
    const worker = await workerRunning(failed({ kind: 'failed', code: 'keys', message: 'No root key.' }));
    await expect(worker.serving).rejects.toMatchObject({ code: 'keys', message: 'No root key.' });
    expect(await worker.ended).toEqual({ code: 0, signal: null });
  });
});
