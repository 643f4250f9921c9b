import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename, join, resolve, sep } from 'node:path';
import type { RunFolder } from './run-folder.ts';

/**
 * From now on, directories below `roots` that are removed with their content are instead moved to the run's folder: for
 * the test they are gone, but the search still finds them.
 */
export function holdRemovals(folder: RunFolder, roots: readonly string[]): void {
  const { rm } = fs.promises;
  const { rmSync } = fs;
  let count = 0;
  const hold = (path: fs.PathLike, options: fs.RmOptions | undefined): boolean => {
    const from = resolve(String(path));
    if (options?.recursive !== true || !roots.some((root) => from.startsWith(root + sep)) || !fs.existsSync(from))
      return false;
    return moved(from, join(folder.held, `${process.pid}-${++count}-${basename(from)}`));
  };
  fs.promises.rm = async (path, options) => {
    if (!hold(path, options)) await rm(path, options);
  };
  fs.rmSync = (path, options) => {
    if (!hold(path, options)) rmSync(path, options);
  };
  syncBuiltinESMExports();
}

/**
 * Tries to move a directory; returns whether it is gone. On another file system only a copy can be made, without the
 * sockets that the directory may contain.
 */
function moved(from: string, to: string): boolean {
  try {
    fs.renameSync(from, to);
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
    const filter = (path: string): boolean => fs.lstatSync(path).isDirectory() || fs.lstatSync(path).isFile();
    fs.cpSync(from, to, { recursive: true, filter });
    return false;
  }
}
