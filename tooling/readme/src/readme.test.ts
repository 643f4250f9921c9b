import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Packages whose README shows no TypeScript, with the reason. */
const exempt: Readonly<Record<string, string>> = {
  '@coffer/server': 'an application: its README shows commands, which the interop suite runs',
};

const root = fileURLToPath(new URL('../../..', import.meta.url));
const expected = Object.keys(readFloors());
const packages = ['packages', 'apps'].flatMap((group) =>
  readdirSync(join(root, group), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(root, group, entry.name)),
);
const names = packages.map(nameOf);

it('found every package that floors.json lists', () => {
  expect(expected.length).toBeGreaterThan(0);
  expect([...names].sort()).toEqual([...expected].sort());
});

it('exempts only packages that exist', () => {
  expect(names).toEqual(expect.arrayContaining(Object.keys(exempt)));
});

describe.each(packages.map((directory) => [nameOf(directory), directory] as const))('%s', (name, directory) => {
  it('has a README', () => {
    expect(read(directory, 'README.md')).toContain(`# ${name}\n`);
  });

  if (name in exempt) return;

  it('shows its example in the README, to the letter', () => {
    expect(firstBlock(read(directory, 'README.md'))).toBe(read(directory, 'examples/quickstart.ts'));
  });

  it('has an example that runs', async () => {
    await import(/* @vite-ignore */ pathToFileURL(join(directory, 'examples/quickstart.ts')).href);
  });
});

function firstBlock(markdown: string): string | undefined {
  return /^```ts\n(.*?)^```$/ms.exec(markdown)?.[1];
}

function nameOf(directory: string): string {
  return (JSON.parse(read(directory, 'package.json')) as { name: string }).name;
}

function readFloors(): Record<string, number> {
  return (JSON.parse(read(root, 'tooling/checks/floors.json')) as { packages: Record<string, number> }).packages;
}

function read(directory: string, file: string): string {
  return readFileSync(join(directory, file), 'utf8');
}
