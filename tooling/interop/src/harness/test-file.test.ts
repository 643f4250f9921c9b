import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeTestFile, sha1 } from './test-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'coffer-interop-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each([0, 1, 38, 39, 5000, 100_000])('a file of %i bytes has that size on disk', (size) => {
  for (const kind of ['random', 'text'] as const) {
    const file = makeTestFile(folder, `${kind}-${size}`, size, kind);
    expect(file.content.length).toBe(size);
    expect(readFileSync(file.path).equals(file.content)).toBe(true);
    if (file.marker !== undefined) expect(file.content.includes(file.marker)).toBe(true);
    expect(file.marker === undefined).toBe(size < 35);
  }
});

test('two files share neither marker nor content', () => {
  const [one, other] = [makeTestFile(folder, 'a', 5000, 'text'), makeTestFile(folder, 'b', 5000, 'text')];
  expect(one.marker).not.toBe(other.marker);
  expect(sha1(one.content)).not.toBe(sha1(other.content));
});
