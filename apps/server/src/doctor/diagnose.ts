import type { PlaceConfig } from '../config/server-config.ts';
import type { Environment } from '../keys/root-key-source.ts';
import { checkData } from './check-data.ts';
import { checkKeys } from './check-keys.ts';
import type { Finding } from './finding.ts';

/** Looks at an installation; a server may be running on it. */
export async function diagnose(place: PlaceConfig, environment: Environment): Promise<readonly Finding[]> {
  return [...(await checkData(place)), ...(await checkKeys(place, environment))];
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
