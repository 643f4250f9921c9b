import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Paths in this package are found here only. This file is in `src` and in `dist`, and becomes part of `dist/main.js`:
// from all of them, the path to what is beside `src` and `dist` is the same.

/** The version of this package. */
export const version: string = readVersion();

/** Where the build puts the files of the web console. */
export const builtConsole = fileURLToPath(new URL('../console/', import.meta.url));

function readVersion(): string {
  const content: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const known = typeof content === 'object' && content !== null && 'version' in content;
  return known ? String(content.version) : 'unknown';
}
