import type { LocalStoreParts } from '@coffer/store-local';
import type { PlaceConfig } from '../config/server-config.ts';
import type { Environment } from '../keys/root-key-source.ts';
import { StartupError } from '../startup-error.ts';
import { isServed, lookAtParts } from '../store/store-facts.ts';
import { checkData } from './check-data.ts';
import { checkKeys } from './check-keys.ts';
import type { Finding } from './finding.ts';

/** Looks at an installation, and changes nothing; a server may be running on it. */
export async function diagnose(place: PlaceConfig, environment: Environment): Promise<readonly Finding[]> {
  const inUse = await isServed(place.data);
  const parts = await partsOf(place, inUse);
  const data = await checkData(place, parts);
  return [...data, ...(await checkKeys(place, environment, { parts, inUse }))];
}

/**
 * The parts of the store; undefined if the directory cannot be read, which another check reports. Checks every page of
 * the metadata, however long that takes.
 */
async function partsOf({ data }: PlaceConfig, inUse: boolean): Promise<LocalStoreParts | undefined> {
  try {
    return await lookAtParts(data, { inUse, pages: Infinity });
  } catch (error) {
    if (error instanceof StartupError) return undefined;
    throw error;
  }
}

const marks: Readonly<Record<Finding['kind'], string>> = { ok: 'ok      ', note: 'note    ', problem: 'PROBLEM ' };

export function printFindings(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ kind, text, mend }) => [
    `${marks[kind]}${text}`,
    ...(mend === undefined ? [] : [`        → ${mend}`]),
  ]);
  const problems = findings.filter(({ kind }) => kind === 'problem').length;
  const verdict = ['Nothing is wrong.', 'One thing is wrong.'][problems] ?? `${problems} things are wrong.`;
  return `${[...lines, '', verdict].join('\n')}\n`;
}
