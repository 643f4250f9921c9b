import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { clientEnvironment } from '../client-environment.ts';
import { runCommand } from '../command.ts';
import type { Encryption } from '../encryption.ts';
import { region, type S3World } from './s3-scenario.ts';

/** Sizes from which s3fs sends parts, and that of a part; as small as it takes them. */
const smallParts = ['multipart_threshold=6', 'multipart_size=5'] as const;

const startLimit = 30_000;
const endLimit = 30_000;

/** How a bucket is mounted. */
interface S3fsSettings {
  /** For what is written, and for what is read with a customer key. */
  readonly encryption?: Encryption;
  /** More of s3fs's options, as they stand after `-o`. */
  readonly options?: readonly string[];
}

/** Mounts buckets. The answer is the folder; what is still mounted at the end of a test is unmounted. */
export interface S3fs {
  readonly mount: (bucket: string, settings?: S3fsSettings) => Promise<string>;
  /** Waits until everything is written and s3fs has ended. */
  readonly unmount: (folder: string) => Promise<void>;
}

/** Gives the tests of the enclosing `describe` s3fs, with the key of their world. */
export function withS3fs(world: () => S3World): S3fs {
  const mounts = new Map<string, ChildProcess>();
  const unmount = async (folder: string): Promise<void> => {
    const child = mounts.get(folder);
    mounts.delete(folder);
    if (child !== undefined) await end(folder, child);
  };
  // Also after a test that has failed.
  afterEach(async () => {
    for (const folder of [...mounts.keys()]) await unmount(folder);
  });
  return {
    mount: async (bucket, settings = {}) => {
      const folder = join(world().folder, `mount-${mounts.size}-${settings.encryption?.mode ?? ''}`);
      mkdirSync(folder, { recursive: true });
      mounts.set(folder, await start(world(), bucket, folder, settings));
      return folder;
    },
    unmount,
  };
}

async function start(world: S3World, bucket: string, folder: string, settings: S3fsSettings): Promise<ChildProcess> {
  const { endpoint, credentials } = world;
  const home = `${folder}-home`;
  mkdirSync(home, { recursive: true });
  const passwords = join(home, 'passwd');
  writeFileSync(passwords, `${credentials.keyId}:${credentials.key}\n`, { mode: 0o600 });
  const options = [
    ...[`url=${endpoint.url}`, 'use_path_request_style', `endpoint=${region}`, `passwd_file=${passwords}`],
    ...[`tmpdir=${home}`, 'retries=2', ...smallParts, ...sseOptions(home, settings.encryption)],
    ...(settings.options ?? []),
  ];
  const log = join(home, 'log');
  const output = openSync(log, 'w');
  const child = spawn('s3fs', [bucket, folder, '-f', ...options.flatMap((option) => ['-o', option])], {
    env: clientEnvironment({ home, caFile: endpoint.caFile }),
    stdio: ['ignore', output, output],
  });
  const mounted = expect.poll(() => isMounted(folder) || child.exitCode !== null, { timeout: startLimit }).toBe(true);
  await mounted.catch(() => child.kill('SIGKILL'));
  if (isMounted(folder)) return child;
  throw new Error(`s3fs did not mount ${bucket}\n${readFileSync(log, 'utf8')}`);
}

function sseOptions(home: string, encryption?: Encryption): readonly string[] {
  if (encryption?.mode === 'SSE-B2') return ['use_sse=1'];
  if (encryption?.key === undefined) return [];
  const keys = join(home, 'customer-keys');
  writeFileSync(keys, `${encryption.key.toString('base64')}\n`, { mode: 0o600 });
  return [`use_sse=custom:${keys}`];
}

/** Read from the system's list, since to look into the folder would be to wait for s3fs. */
function isMounted(folder: string): boolean {
  return readFileSync('/proc/self/mounts', 'utf8').includes(` ${folder.replaceAll(' ', '\\040')} fuse.s3fs `);
}

async function end(folder: string, child: ChildProcess): Promise<void> {
  const closed = child.exitCode === null ? once(child, 'close', { signal: AbortSignal.timeout(endLimit) }) : undefined;
  const { code } = await runCommand('umount', [folder], { env: clientEnvironment({ home: folder }) });
  if (code !== 0) {
    // Something still uses it: it is taken away, and s3fs ended.
    await runCommand('umount', ['--lazy', folder], { env: clientEnvironment({ home: folder }) });
    child.kill('SIGKILL');
  }
  await closed?.catch(() => child.kill('SIGKILL'));
}
