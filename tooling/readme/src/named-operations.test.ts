import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const texts = [
  ...filesIn('.', /^[A-Z]+\.md$/),
  ...filesIn('docs', /\.md$/),
  ...['packages', 'apps', 'tooling'].flatMap((group) => filesIn(group, /^[^/]+\/README\.md$/)),
];
const saysThatItIsMissing = /\b(?:not (?:there|supported|implemented|offered)|missing|to come)\b/;

let operations: ReadonlySet<string>;
beforeAll(async () => {
  const schema = pathToFileURL(join(root, 'packages/b2-schema/src/index.ts')).href;
  const { operations: table } = (await import(/* @vite-ignore */ schema)) as { operations: object };
  operations = new Set(Object.keys(table));
});

describe.each(texts)('%s', (file) => {
  const text = readFileSync(join(root, file), 'utf8');

  it('names only operations that there are', () => {
    const named = [...text.matchAll(/`(b2_[a-z_]+)`/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !operations.has(name))).toEqual([]);
  });

  it('calls no operation missing that is there', () => {
    const sentences = text.split(/(?<=[.:;|])\s/).filter((sentence) => saysThatItIsMissing.test(sentence));
    expect(sentences.filter((sentence) => [...operations].some((name) => sentence.includes(name)))).toEqual([]);
  });
});

function filesIn(folder: string, name: RegExp): string[] {
  const entries = readdirSync(join(root, folder)).flatMap((entry) => [entry, join(entry, 'README.md')]);
  return entries
    .filter((entry) => name.test(entry))
    .map((entry) => join(folder, entry))
    .filter((file) => existsSync(join(root, file)));
}
