import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { authorize, bannerEnd, createBucket, uploadTarget } from '../server/coffer-account.ts';
import { startServerProcess, type ServerProcess } from '../server/server-process.ts';
import type { LoadedServer } from './limit-case.ts';

const program = fileURLToPath(new URL('./dist/main.js', import.meta.resolve('@coffer/server/package.json')));
const bucketName = 'limits';

/** A fresh server with default settings, for one case. */
export async function startCaseServer(
  directory: string,
): Promise<LoadedServer & { readonly close: () => Promise<void> }> {
  const data = join(directory, 'data');
  let process: ServerProcess = await start(directory, data, bannerEnd);
  const account = await authorize(process.output);
  const bucketId = await createBucket(account, bucketName);
  return {
    pid: process.pid,
    account,
    bucketId,
    bucketName,
    target: await uploadTarget(account, bucketId),
    data,
    restart: async () => {
      await process.close();
      const began = performance.now();
      process = await start(directory, data, /^\s*HTTP\s/m);
      return performance.now() - began;
    },
    close: () => process.close(),
  };
}

function start(directory: string, data: string, ready: RegExp): Promise<ServerProcess> {
  const options = ['serve', '--data', data, '--listen', '127.0.0.1:0', '--admin-listen', 'off', '--log-format', 'json'];
  return startServerProcess(program, options, ready, join(directory, 'log'));
}
