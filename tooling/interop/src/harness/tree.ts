import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect } from 'vitest';
import { expectSameBytes } from './stored-files.ts';

/** Fails unless both directories have the same files with the same bytes. */
export function expectSameTree(actual: string, expected: string): void {
  expect(filesBelow(actual)).toEqual(filesBelow(expected));
  for (const path of filesBelow(expected)) {
    expectSameBytes(readFileSync(join(actual, path)), readFileSync(join(expected, path)));
  }
}

function filesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}
