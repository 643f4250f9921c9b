import { allCases } from '@coffer/conformance';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { mutations } from './mutations/mutations.ts';

const ids = allCases.map(({ id }) => id);
const text = readFileSync(new URL('../../../docs/conformance.md', import.meta.url), 'utf8');
const named = [...text.matchAll(/`((?:b2|s3)\/[^`]+)`/g)].map(([, pattern = '']) => pattern);

it('names cases in its documentation', () => {
  expect(named.length).toBeGreaterThan(20);
});

it.each(named)('has the cases that the documentation names: %s', (pattern) => {
  const form = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
  expect(ids.filter((id) => form.test(id))).not.toEqual([]);
});

it('has the cases that the mutations name', () => {
  const caught = mutations.map(({ caughtBy }) => caughtBy);
  expect(caught.filter((id) => !ids.includes(id))).toEqual([]);
});

it.each(mutations)('tells in its documentation by which case it notices that $name', ({ name, caughtBy }) => {
  const rows = text.split('\n').filter((line) => line.includes(`| ${name} `));
  expect(rows.map((row) => /`([^`]+)`/.exec(row)?.[1])).toEqual([caughtBy]);
});
