import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../free-port.ts';
import type { S3Target } from './s3-target.ts';

/** A store that was started for the tests. */
export interface StartedStore {
  readonly target: S3Target;
  /** Ends it and removes its data. */
  readonly remove: () => Promise<void>;
}

const run = promisify(execFile);
const path = (from: string): string => fileURLToPath(new URL(from, import.meta.url));
const cephScript = path('../../ceph.sh');
const register = path('../../../config/run-source/register.mjs');
const serverMain = path('../../../../apps/server/src/main.ts');

/** Ceph's RADOS gateway. */
export async function startCeph(): Promise<StartedStore> {
  const { folder, target } = await prepare('Ceph RADOS gateway');
  const port = new URL(target.endpoint).port;
  const remove = async () => {
    await run(cephScript, ['stop', folder]);
    await rm(folder, { recursive: true, maxRetries: 3 });
  };
  try {
    await run(cephScript, ['start', folder, port, String(await freePort())]);
    await run(cephScript, ['user', folder, target.accessKeyId, target.secretAccessKey]);
    return { target, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** A second Coffer, by its S3 face. */
export async function startCoffer(): Promise<StartedStore> {
  const { folder, target } = await prepare('Coffer');
  const source = ['--conditions=@coffer/source', `--import=${register}`, serverMain];
  const listen = ['--listen', new URL(target.endpoint).host, '--admin-listen', 'off', '--console-listen', 'off'];
  const data = ['--data', join(folder, 'data'), '--keys', join(folder, 'keys')];
  return startProgram(
    folder,
    target,
    process.execPath,
    [...source, 'serve', ...data, ...listen, '--log-level', 'warn'],
    {
      COFFER_MASTER_KEY_ID: randomBytes(6).toString('hex'),
      COFFER_MASTER_KEY: `K001${randomBytes(21).toString('base64')}`,
      COFFER_S3_KEY_ID: target.accessKeyId,
      COFFER_S3_KEY: target.secretAccessKey,
    },
  );
}

/** Versity's gateway over a folder. `program`: the path of the program. */
export async function startVersity(program: string): Promise<StartedStore> {
  const { folder, target } = await prepare('Versity Gateway');
  const data = join(folder, 'data');
  await mkdir(data);
  const args = ['--port', new URL(target.endpoint).host, '--access', target.accessKeyId];
  const secret = ['--secret', target.secretAccessKey];
  return startProgram(folder, target, program, [...args, ...secret, '--region', target.region, 'posix', data], {});
}

async function prepare(name: string): Promise<{ readonly folder: string; readonly target: S3Target }> {
  const target: S3Target = {
    name,
    endpoint: `http://127.0.0.1:${await freePort()}`,
    region: 'us-east-1',
    accessKeyId: randomBytes(10).toString('hex'),
    secretAccessKey: randomBytes(20).toString('hex'),
    bucket: 'coffer-scale',
  };
  return { folder: await mkdtemp(join(tmpdir(), 'coffer-scale-')), target };
}

async function startProgram(
  folder: string,
  target: S3Target,
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<StartedStore> {
  const child = spawn(program, args, {
    env: { ...ownEnvironment(), ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const remove = async () => {
    await end(child);
    await rm(folder, { recursive: true, maxRetries: 3 });
  };
  try {
    await answering(target.endpoint, child);
    return { target, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Without the settings of these tests, which Coffer would warn of. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('COFFER_SCALE_')));
}

/** Resolves when anything answers HTTP at the address. */
async function answering(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    if (child.exitCode !== null) throw new Error(`The store at ${url} ended with code ${child.exitCode}`);
    try {
      await (await fetch(url)).arrayBuffer();
      return;
    } catch (error) {
      if (attempt === 300) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, 'exit');
}
