import { readFileSync } from 'node:fs';

/** Versions of what is measured, from the workspace and the runtime. */
export function versionsInUse(): Record<string, string> {
  const { version } = JSON.parse(readFileSync(new URL(import.meta.resolve('@coffer/server/package.json')), 'utf8')) as {
    readonly version: string;
  };
  return { coffer: version, node: process.versions.node, openssl: process.versions.openssl };
}
