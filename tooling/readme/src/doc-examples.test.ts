import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

/** An `@example` of a doc comment. It is code in which every export of every package is at hand, and some of Node's. */
interface DocExample {
  /** File and line. */
  readonly place: string;
  readonly code: string;
}

const packages = fileURLToPath(new URL('../../../packages', import.meta.url));
const names = readdirSync(packages);
const examples = names.map((name) => [name, examplesIn(join(packages, name, 'src'))] as const);
const atHand = new Map<string, unknown>(Object.entries({ assert, mkdtemp, rm, tmpdir, join }));

beforeAll(async () => {
  for (const source of names.flatMap(entriesOf)) {
    const module = (await import(/* @vite-ignore */ pathToFileURL(source).href)) as Record<string, unknown>;
    for (const [name, value] of Object.entries(module)) atHand.set(name, value);
  }
});

describe.each(examples)('%s', (_, found) => {
  it('has examples in its doc comments', () => {
    expect(found).not.toEqual([]);
  });

  it.each(found)('$place', async ({ code }) => {
    expect(code).toContain('assert');
    await programOf(code)(...atHand.values());
  });
});

/** The sources that a package's `exports` name. */
function entriesOf(name: string): string[] {
  const manifest = JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, { readonly '@coffer/source'?: string } | string>>;
  };
  return Object.values(manifest.exports)
    .map((entry) => (typeof entry === 'string' ? undefined : entry['@coffer/source']))
    .filter((source) => source !== undefined)
    .map((source) => join(packages, name, source));
}

function examplesIn(directory: string): DocExample[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(directory, file), 'utf8');
      return [...text.matchAll(/^ *\* @example\n *\* ```ts\n(.*?)^ *\* ```$/gms)].map(({ 1: block = '', index }) => ({
        place: `${file}:${text.slice(0, index).split('\n').length}`,
        code: block.replaceAll(/^ *\* ?/gm, ''),
      }));
    });
}

function programOf(code: string): (...values: unknown[]) => Promise<void> {
  // The examples are this repository's own; as modules they would need imports that a reader of the comment does not.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- see above
  const make = new Function(...atHand.keys(), `'use strict'; return (async () => {\n${code}\n})();`);
  return make as (...values: unknown[]) => Promise<void>;
}
