import { createHash, randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { ProbeFigures, ProbeStart } from './probe-messages.ts';

const pauseMs = 20;
const data = randomBytes(4096);
const sha1 = createHash('sha1').update(data).digest('hex');
const { account, target, bucketName } = workerData as ProbeStart;

const uploads: number[] = [];
const downloads: number[] = [];
let failures = 0;
const stop = new AbortController();
parentPort?.once('message', () => {
  stop.abort();
});

async function timed(times: number[], url: string, options: RequestInit): Promise<void> {
  const began = performance.now();
  const answer = await fetch(url, options).catch(() => undefined);
  const bytes = await answer?.arrayBuffer().catch(() => undefined);
  if (answer?.status === 200 && bytes !== undefined) times.push(performance.now() - began);
  else failures++;
}

while (!stop.signal.aborted) {
  const headers = {
    Authorization: target.token,
    'X-Bz-File-Name': 'probe',
    'Content-Type': 'application/octet-stream',
    'X-Bz-Content-Sha1': sha1,
    'X-Bz-Server-Side-Encryption': 'AES256',
  };
  await timed(uploads, `${account.url}${target.path}`, { method: 'POST', headers, body: data });
  await timed(downloads, `${account.url}/file/${bucketName}/probe`, { headers: { Authorization: account.token } });
  await pause(pauseMs);
}
parentPort?.postMessage({ uploads, downloads, failures } satisfies ProbeFigures);
