import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Finding } from './fuzz.ts';
import type { RawRequest } from './raw-http.ts';
import type { Stage } from './stage.ts';

const folder = new URL('../corpus/', import.meta.url).pathname;

/**
 * Requests that once were answered wrongly, or that cover a corner case; `{bucketId}` and the like stand for values of
 * the stage.
 */
export function readCorpus(stage: Stage): RawRequest[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(fillIn(readFileSync(join(folder, name), 'utf8'), stage)) as RawRequest);
}

/** Adds the request of a finding to the corpus, so that it is tried first from now on. */
export function keep(finding: Finding, stage: Stage): string {
  const text = `${JSON.stringify(takeOut(finding.request, stage), null, 2)}\n`;
  const name = `found-${createHash('sha256').update(text).digest('hex').slice(0, 12)}.json`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
  return name;
}

function fillIn(text: string, stage: Stage): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => (name in stage ? stage[name as keyof Stage] : whole));
}

function takeOut(request: RawRequest, stage: Stage): unknown {
  let text = JSON.stringify(request);
  for (const [name, value] of Object.entries(stage).sort(([, a], [, b]) => String(b).length - String(a).length))
    text = text.replaceAll(String(value), `{${name}}`);
  return JSON.parse(text);
}
