import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

export const page = '<!doctype html><title>Console</title><script type="module" src="/assets/index-1a2b.js"></script>';
export const script = `document.title = 'Coffer';${' '.repeat(400)}`;

/** Makes the files of a small console below `root`, and returns their directory. */
export async function consolePlace(root: string): Promise<string> {
  const directory = join(root, 'console');
  await mkdir(join(directory, 'assets'), { recursive: true });
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'index.html': page,
    'favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'assets/index-1a2b.js': script,
    'assets/index-1a2b.js.br': brotliCompressSync(script),
    'assets/index-1a2b.js.gz': gzipSync(script),
    'assets/index-3c4d.css': 'body { margin: 0 }',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content);
  return directory;
}
