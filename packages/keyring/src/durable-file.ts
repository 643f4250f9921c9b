import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { link, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Readable and writable by its owner only. */
const ownerOnly = 0o600;

/**
 * Puts `content` at `path` so that at every moment, a crash included, the path holds either all of the old content or
 * all of the new, which is on disk when this resolves. The file is its owner's only. A crash can leave a file
 * `PATH.RANDOM.tmp` behind.
 *
 * With `exclusive` an existing file stays and the file system's `EEXIST` is thrown. A file that is replaced keeps its
 * owner, so that an administrator may replace that of a service. The directory is made if it is missing.
 */
export async function writeDurably(
  path: string,
  content: string,
  options: { readonly exclusive: boolean },
): Promise<void> {
  const directory = dirname(path);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeSynced(temporary, content, options.exclusive ? undefined : await stat(path));
    // A rename replaces; a link refuses to.
    if (options.exclusive) await link(temporary, path);
    else await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  await syncDirectory(directory);
}

async function writeSynced(path: string, content: string, owner: Stats | undefined): Promise<void> {
  const file = await open(path, 'wx', ownerOnly);
  try {
    await file.writeFile(content);
    if (owner !== undefined && owner.uid !== process.geteuid?.()) await file.chown(owner.uid, owner.gid);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
