import type { Profile } from '@coffer/conformance';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownProcess } from './own-process.ts';
import type { OwnServer } from './own-server.ts';

/** Milliseconds in which the server, run from source on a busy machine, has to answer. */
const readyMs = 60_000;

/** Starts our server in a process of its own, on the embedded store in a directory that is removed with it. */
export async function startServerOnDisk(profile: Profile): Promise<OwnServer> {
  const folder = await mkdtemp(join(tmpdir(), 'coffer-conformance-'));
  const data = join(folder, 'data');
  const { target, environment } = await ownProcess(profile, data);
  const [program = '', ...args] = (target.atRest?.command ?? []).map((text) => text.replaceAll('{data}', data));
  const child = spawn(program, args, { stdio: 'ignore', env: environment });
  const exited = once(child, 'exit');
  const close = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
    await rm(folder, { recursive: true });
  };
  try {
    await untilItAnswers(target.s3?.url ?? '', () => child.exitCode === null);
    return { target, environment, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function untilItAnswers(url: string, isRunning: () => boolean): Promise<void> {
  const end = performance.now() + readyMs;
  for (;;) {
    try {
      await (await fetch(url)).arrayBuffer();
      return;
    } catch (cause) {
      if (!isRunning() || performance.now() > end) throw new Error('The server does not answer', { cause });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
