import { fc, test } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { safeFileName } from './safe-file-name.ts';

it.each([
  ['photos/2026/a b.jpg', 'a b.jpg'],
  ['folder/', 'folder'],
  ['//', 'download'],
  ['..', 'download'],
  ['a/../..', 'download'],
  ['.bashrc', '_bashrc'],
  ['invoice\u202efdp.exe', 'invoice(u202e)fdp.exe'],
  ['C:\\Windows\\x', 'C__Windows_x'],
  ['a<b>"c|d?e*f', 'a_b__c_d_e_f'],
  ['CON', '_CON'],
  ['nul.txt', '_nul.txt'],
  ['name. . .', 'name'],
  [`${'ü'.repeat(400)}.tar`, `${'ü'.repeat(98)}.tar`],
])('%j is saved as %j', (name, safe) => {
  expect(safeFileName(name)).toBe(safe);
});

test.prop([fc.string({ unit: 'binary', maxLength: 1_024 })])('every name is a name of one file', (name) => {
  const safe = safeFileName(name);
  expect(safe).not.toMatch(/[/\\\p{Cc}\u202e]/u);
  expect(['', '.', '..']).not.toContain(safe);
  expect(new TextEncoder().encode(safe).length).toBeLessThanOrEqual(200);
});
