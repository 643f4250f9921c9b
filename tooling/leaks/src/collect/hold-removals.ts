import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename, join, resolve, sep } from 'node:path';
import type { RunFolder } from './run-folder.ts';

/**
 * From now on directories below `roots` that are removed with all they hold are moved to the run's folder instead: to the test they
 * are gone, to the search they are not.
 */
export function holdRemovals(folder: RunFolder, roots: readonly string[]): void {
  const { rm } = fs.promises;
  const { rmSync } = fs;
  let count = 0;
  const hold = (path: fs.PathLike, options: fs.RmOptions | undefined): boolean => {
    const from = resolve(String(path));
    if (options?.recursive !== true || !roots.some((root) => from.startsWith(root + sep)) || !fs.existsSync(from))
      return false;
    fs.renameSync(from, join(folder.held, `${process.pid}-${++count}-${basename(from)}`));
    return true;
  };
  fs.promises.rm = async (path, options) => {
    if (!hold(path, options)) await rm(path, options);
  };
  fs.rmSync = (path, options) => {
    if (!hold(path, options)) rmSync(path, options);
  };
  syncBuiltinESMExports();
}
