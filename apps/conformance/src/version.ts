import { readFileSync } from 'node:fs';

/** The version of this package. */
export const version: string = readVersion();

function readVersion(): string {
  // The file is beside `src` and beside `dist`, so the path is the same from both.
  const content: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const known = typeof content === 'object' && content !== null && 'version' in content;
  return known ? String(content.version) : 'unknown';
}
