import { lstat, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Everything below a directory: names, modes, times of change and bytes. */
export async function treeSnapshot(directory: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const described = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    const { mode, mtimeNs } = await lstat(path, { bigint: true });
    const bytes = entry.isFile() ? (await readFile(path)).toString('base64') : '';
    return [path, `${mode.toString(8)} ${mtimeNs} ${bytes}`] as const;
  });
  return Object.fromEntries(await Promise.all(described));
}
