import { expect, it } from 'vitest';
import { localNameProblem } from './local-name.ts';

const nowhere = ['', '/', '/etc/passwd', 'a/', 'a//b', '.', '..', '../a', 'a/..', 'a/./b', 'a\0b', 'ä'.repeat(128)];

it.each(nowhere)('refuses %j', (name) => {
  expect(localNameProblem(name, 'linux')).toEqual(expect.any(String));
});

it.each(['a', '...', 'a/b/c', '.hidden', 'C:/x', 'a\\..\\b', 'con', 'ä'.repeat(127)])('takes %j', (name) => {
  expect(localNameProblem(name, 'linux')).toBeUndefined();
});

it.each(['C:/x', 'a\\..\\b', 'con', 'a/NUL.txt', 'com1', 'a.', 'a /b', 'a?', 'a\u0001'])(
  'refuses %j on Windows',
  (name) => {
    expect(localNameProblem(name, 'win32')).toEqual(expect.any(String));
  },
);
