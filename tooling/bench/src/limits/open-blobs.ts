import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** How many blobs of a data directory a process has open (proc_pid_fd(5)). */
export async function openBlobs(pid: number, data: string): Promise<number> {
  const folder = `/proc/${pid}/fd`;
  const targets = await Promise.all(
    // A descriptor may be closed before it is looked at.
    (await readdir(folder)).map((name) => readlink(join(folder, name)).catch(() => '')),
  );
  return targets.filter((target) => target.startsWith(join(data, 'blobs'))).length;
}
