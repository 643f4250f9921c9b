import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { EntryNames, renamedFolder } from './entry-names.ts';
import { compareNames } from './selection.ts';

/** The names under which files of these names are stored. */
function namesOf(names: readonly string[], size = 1): readonly string[] {
  const entries = new EntryNames();
  return [...new Set(names)].sort(compareNames).map((name) => entries.next(name, size).storedAs);
}

describe('names that are safe stay as they are', () => {
  test.each([
    'a',
    'a/b/c.txt',
    'été/\u{1f600} .jpg',
    '...',
    '.hidden',
    '100%.txt',
    'ab:c',
    'C',
    'a/C:/b',
    '_renamed2/a',
  ])('%s', (name) => {
    expect(new EntryNames().next(name, 1)).toEqual({ storedAs: name, isRenamed: false });
  });

  test('also those of empty files that stand for folders', () => {
    expect(new EntryNames().next('folder/', 0)).toEqual({ storedAs: 'folder/', isRenamed: false });
  });
});

describe('other names are stored in a folder of their own', () => {
  test.each([
    ['/etc/passwd', '%2Fetc%2Fpasswd'],
    ['../up', '%2E%2E%2Fup'],
    ['a/../b', 'a%2F..%2Fb'],
    ['a/./b', 'a%2F.%2Fb'],
    ['a//b', 'a%2F%2Fb'],
    ['..', '%2E%2E'],
    ['a\\b', 'a%5Cb'],
    ['C:/windows', 'C%3A%2Fwindows'],
    ['c:', 'c%3A'],
    ['bell\u0085', 'bell%C2%85'],
    ['folder/', 'folder%2F'],
    ['100%/../été', '100%25%2F..%2Fété'],
    ['_renamed/a', '_renamed%2Fa'],
    ['_renamed', '_renamed'],
    ['/\u{1f600}', '%2F%F0%9F%98%80'],
  ])('%s', (name, stored) => {
    expect(new EntryNames().next(name, 1)).toEqual({ storedAs: `${renamedFolder}/${stored}`, isRenamed: true });
  });

  test('cut where they would be too long for a file system', () => {
    const [one, other] = namesOf(['/'.padEnd(1_000, 'é'), '/'.padEnd(1_001, 'é')]);
    expect(one).toMatch(/^_renamed\/%2Fé+~[0-9a-f]{64}$/);
    expect(Buffer.byteLength(one ?? '')).toBeLessThan(250);
    expect(other).not.toBe(one);
  });

  test('where a file is in the way of the folder', () => {
    expect(namesOf(['a', 'a!', 'a/b', 'a/b/c', 'a0', 'b/c'])).toEqual([
      'a',
      'a!',
      '_renamed/a%2Fb',
      '_renamed/a%2Fb%2Fc',
      'a0',
      'b/c',
    ]);
    // What is stored elsewhere is not in the way.
    expect(namesOf(['\\', '\\/a', 'x/', 'x/y'])).toEqual(['_renamed/%5C', '_renamed/%5C%2Fa', '_renamed/x%2F', 'x/y']);
  });
});

const character = fc.oneof(
  fc.constantFrom('a', '/', '.', '\\', '%', '~', ':', '_', '\u0001'),
  fc.string({ unit: 'grapheme', maxLength: 1 }),
);
const anyName = fc.oneof(
  fc.array(character, { minLength: 1, maxLength: 12 }).map((characters) => characters.join('')),
  fc.constantFrom('_renamed', '_renamed/a', '_renamed/%2F', '/', 'a', 'a/', 'a/a'),
);

property.prop([
  fc.array(fc.record({ name: anyName.filter((name) => name !== ''), size: fc.constantFrom(0, 1) }), { maxLength: 40 }),
])('no two files get the same name, none lies where another leads, and none leads out of the folder', (files) => {
  const sizes = new Map(files.map(({ name, size }) => [name, size]));
  const entries = new EntryNames();
  const stored = [...sizes.keys()].sort(compareNames).map((name) => entries.next(name, sizes.get(name) ?? 0).storedAs);
  const paths = stored.map((name) => (name.endsWith('/') ? name.slice(0, -1) : name));
  expect(new Set(paths).size).toBe(paths.length);
  const filesStored = new Set(stored.filter((name) => !name.endsWith('/')));
  for (const path of paths) {
    const segments = path.split('/');
    expect(segments.every((segment) => !['', '.', '..'].includes(segment))).toBe(true);
    expect(path).not.toMatch(/[\\\p{Cc}]|^[A-Za-z]:/u);
    for (let depth = 1; depth < segments.length; depth++)
      expect(filesStored.has(segments.slice(0, depth).join('/'))).toBe(false);
  }
});
