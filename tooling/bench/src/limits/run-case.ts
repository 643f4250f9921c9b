import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { uploadTarget } from '../server/coffer-account.ts';
import { startCaseServer } from './case-server.ts';
import type { LimitCase } from './limit-case.ts';
import { memoryOf, MemoryWatch, type Memory } from './memory-watch.ts';
import type { ProbeFigures } from './probe-messages.ts';
import { Probe } from './probe.ts';

/** The outcome of one case. */
export interface CaseOutcome {
  readonly title: string;
  readonly memory: Memory & { readonly highWater: number };
  /** Some time after the load and all other clients have gone. */
  readonly afterwards: Memory;
  readonly probe: ProbeFigures;
  /** What happened to the load, in words. */
  readonly remarks: string;
}

/** Disk that stays free for others. */
const spareDisk = 2 ** 30;

/**
 * Runs a case on a server of its own, whose data is removed at once afterwards.
 *
 * @param settle Seconds without any client, after which memory is looked at once more.
 * @throws Error if the disk is too small.
 */
export async function runCase(
  limitCase: LimitCase,
  { directory: place, settle }: { readonly directory: string; readonly settle: number },
): Promise<CaseOutcome> {
  await requireDisk(limitCase, place);
  const directory = await mkdtemp(join(place, 'coffer-limits-'));
  try {
    const server = await startCaseServer(directory, limitCase.options ?? []);
    try {
      await limitCase.prepare?.(server);
      const { account, bucketId, bucketName } = server;
      const probe = new Probe({ account, target: await uploadTarget(account, bucketId), bucketName });
      const watch = await MemoryWatch.start(server.pid);
      const remarks = await limitCase.load(server);
      const memory = await watch.stop();
      const figures = await probe.stop();
      await pause(settle * 1000);
      const afterwards = await memoryOf(server.pid);
      const after = await limitCase.after?.(server);
      const { title } = limitCase;
      const all = after === undefined ? remarks : `${remarks}; ${after}`;
      return { title, memory, afterwards, probe: figures, remarks: all };
    } finally {
      await server.close();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function requireDisk({ title, disk }: LimitCase, place: string): Promise<void> {
  const { bavail, bsize } = await statfs(place);
  if (bavail * bsize >= disk + spareDisk) return;
  const [needed, free] = [disk + spareDisk, bavail * bsize].map((bytes) => (bytes / 2 ** 30).toFixed(1));
  throw new Error(`"${title}" needs ${needed} GiB of disk, and ${free} GiB are free: say a smaller --size`);
}
