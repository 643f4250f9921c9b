import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const mebibyte = 2 ** 20;
const diskSize = 24 * mebibyte;
/** Bytes of the file `ballast` that a test removes to make space. */
const ballastSize = 8 * mebibyte;

/** A file system of 24 MiB, 8 of them taken by a file `ballast` in its root. */
export interface SmallDisk {
  /**
   * What to put before a program and its arguments; the program is given `store`, a path beside the ballast, as its
   * last one.
   */
  readonly command: readonly string[];
  dispose(): Promise<void>;
}

/**
 * Finds one: mounted at `directory`, or the shared memory of a container, which is small; otherwise the reason that
 * there is none.
 */
export async function findSmallDisk(directory: string): Promise<SmallDisk | { readonly reason: string }> {
  const reasons: string[] = [];
  for (const flags of namespaces) {
    const refusal = refusalOfMount(flags, directory);
    if (refusal === undefined) return mountedDisk(flags, directory);
    reasons.push(refusal);
  }
  return (await sharedMemory()) ?? { reason: `No small file system can be had here: ${reasons.join('; ')}` };
}

/** Linux lets most users mount in a user namespace of their own, and root where there are none of those. */
const namespaces = [['--user', '--map-root-user', '--mount'], ['--mount']] as const;

const mount = `mount -t tmpfs -o size=${diskSize} tmpfs "$0"`;

function refusalOfMount(flags: readonly string[], directory: string): string | undefined {
  const { status, stderr, error } = spawnSync('unshare', [...flags, 'sh', '-c', mount, directory], {
    encoding: 'utf8',
  });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}

function mountedDisk(flags: readonly string[], directory: string): SmallDisk {
  const script = `${mount} && head -c ${ballastSize} /dev/urandom > "$0/ballast" && exec "$@" "$0/store"`;
  return { command: ['unshare', ...flags, 'sh', '-c', script, directory], dispose: () => Promise.resolve() };
}

const sharedMemoryPath = '/dev/shm';
/**
 * Containers have 64 MiB of it unless they are told otherwise; a larger one is shared with others, who would be
 * without.
 */
const mostSharedMemory = 128 * mebibyte;
const tmpfsMagic = 0x01021994;

async function sharedMemory(): Promise<SmallDisk | undefined> {
  const facts = await statfs(sharedMemoryPath).catch(() => undefined);
  if (facts?.type !== tmpfsMagic) return undefined;
  const free = facts.bavail * facts.bsize;
  if (free < diskSize || free > mostSharedMemory) return undefined;
  const directory = await mkdtemp(join(sharedMemoryPath, 'coffer-small-disk-'));
  const dispose = () => rm(directory, { recursive: true });
  await writeFile(join(directory, 'filling'), new Uint8Array(free - diskSize));
  await writeFile(join(directory, 'ballast'), new Uint8Array(ballastSize));
  return { command: ['sh', '-c', 'exec "$@" "$0/store"', directory], dispose };
}
