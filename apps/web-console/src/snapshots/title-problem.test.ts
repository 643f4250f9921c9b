import { expect, it } from 'vitest';
import { titleProblem } from './title-problem.ts';

it('takes what the server takes', () => {
  for (const title of ['', 'holidays', 'Zürich 😀', 'x'.repeat(100)]) expect(titleProblem(title)).toBeUndefined();
  expect(titleProblem('a/b')).toContain('slash');
  for (const title of ['tab\t', '\ud800']) expect(titleProblem(title)).toContain('character');
  expect(titleProblem('x'.repeat(101))).toContain('100');
});
