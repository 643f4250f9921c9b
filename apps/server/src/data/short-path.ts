import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Unix socket's address holds 104 bytes on macOS and 108 on Linux, the final zero included. */
const longestSocketPath = 100;

/** Calls `use` with a path of the directory that is short enough for a Unix socket named `name` in it. */
export async function withShortPath<T>(directory: string, name: string, use: (path: string) => Promise<T>): Promise<T> {
  const path = join(directory, name);
  if (Buffer.byteLength(path) <= longestSocketPath) return use(path);
  const temporary = await mkdtemp(join(shortTemporary(name), 'coffer-'));
  try {
    const link = join(temporary, 'd');
    await symlink(directory, link);
    return await use(join(link, name));
  } finally {
    await rm(temporary, { recursive: true });
  }
}

/** The system's directory for temporary files; if its path is too long already, the one that every Unix has. */
function shortTemporary(name: string): string {
  const own = tmpdir();
  return Buffer.byteLength(join(own, 'coffer-XXXXXX', 'd', name)) <= longestSocketPath ? own : '/tmp';
}
