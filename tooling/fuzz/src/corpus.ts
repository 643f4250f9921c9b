import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from './part.ts';
import type { Stage } from './stage.ts';

const corpus = new URL('../corpus/', import.meta.url).pathname;

/**
 * Requests and inputs that once were answered or read wrongly, or that cover a corner case; `{bucketId}` and the like
 * stand for values of the stage.
 */
export function readCorpus<T>(folder: Finding['kept']['folder'], stage: Stage): T[] {
  const directory = join(corpus, folder);
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(fillIn(readFileSync(join(directory, name), 'utf8'), stage)) as T);
}

/** Adds what a finding is about to the corpus, so that it is tried first from now on. */
export function keep({ kept }: Finding, stage: Stage): string {
  const text = `${JSON.stringify(takeOut(kept.content, stage), null, 2)}\n`;
  const name = `found-${createHash('sha256').update(text).digest('hex').slice(0, 12)}.json`;
  mkdirSync(join(corpus, kept.folder), { recursive: true });
  writeFileSync(join(corpus, kept.folder, name), text);
  return `${kept.folder}/${name}`;
}

function fillIn(text: string, stage: Stage): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => (name in stage ? stage[name as keyof Stage] : whole));
}

function takeOut(content: object, stage: Stage): unknown {
  let text = JSON.stringify(content);
  for (const [name, value] of Object.entries(stage).sort(([, a], [, b]) => String(b).length - String(a).length))
    text = text.replaceAll(String(value), `{${name}}`);
  return JSON.parse(text);
}
