import { readFileSync } from 'node:fs';

/** The version of this package, and so of its cases. */
export const suiteVersion: string = readVersion();

function readVersion(): string {
  // The file is as far from `src` as from `dist`.
  const content: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const known = typeof content === 'object' && content !== null && 'version' in content;
  return known ? String(content.version) : 'unknown';
}
