import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { authorize, bannerEnd, createBucket, UploadTargets } from '../server/coffer-account.ts';
import { startServerProcess, type ServerProcess } from '../server/server-process.ts';
import type { LoadedServer } from './limit-case.ts';

const program = fileURLToPath(new URL('./dist/main.js', import.meta.resolve('@coffer/server/package.json')));
const bucketName = 'limits';

/** A fresh server for one case, with default settings but for `options`. */
export async function startCaseServer(
  directory: string,
  options: readonly string[],
): Promise<LoadedServer & { readonly close: () => Promise<void> }> {
  const data = join(directory, 'data');
  const start = (ready: RegExp) => startProcess(directory, data, options, ready);
  let process: ServerProcess = await start(bannerEnd);
  const account = await authorize(process.output);
  const bucketId = await createBucket(account, bucketName);
  return {
    pid: process.pid,
    account,
    bucketId,
    bucketName,
    targets: UploadTargets.ofBucket(account, bucketId),
    data,
    restart: async () => {
      await process.close();
      const began = performance.now();
      process = await start(/^\s*HTTP\s/m);
      return performance.now() - began;
    },
    close: () => process.close(),
  };
}

function startProcess(
  directory: string,
  data: string,
  options: readonly string[],
  ready: RegExp,
): Promise<ServerProcess> {
  const place = ['--data', data, '--listen', '127.0.0.1:0', '--admin-listen', 'off', '--console-listen', 'off'];
  // All of a case's clients have one address.
  const all = ['serve', ...place, '--log-format', 'json', '--max-connections-per-address', '4096', ...options];
  return startServerProcess(program, all, ready, join(directory, 'log'));
}
