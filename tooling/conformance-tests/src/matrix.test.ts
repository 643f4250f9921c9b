import type { Report } from '@coffer/conformance';
import { expect, it } from 'vitest';
import { printMatrix } from './matrix.ts';

type Outcome = Report['results'][number]['outcome'];
const result = (id: string, outcome: Outcome): Report['results'][number] => ({
  ...{ id, title: id, requirement: 'Something.', source: { kind: 'rfc', name: 'none' }, outcome },
  ...{ problems: [], missing: [], exchanges: [], milliseconds: 1 },
});

it('counts what ran and what passed, by subject and target', () => {
  const results = (...outcomes: readonly [Outcome, Outcome, Outcome]) =>
    ['s3/copies/a/b', 's3/copies/c', 's3/objects/d'].map((id, at) => result(id, outcomes[at] ?? 'error'));
  const one = { target: 'one', results: results('pass', 'fail', 'skipped') };
  const other = { target: 'other', results: results('pass', 'deviation', 'pass') };
  expect(printMatrix([one, other]).split('\n')).toEqual([
    '|  | one | other |',
    '| - | - | - |',
    '| s3/copies | 1/2 | 1/2 |',
    '| s3/objects | – | 1/1 |',
    '| all | 1/2 | 2/3 |',
    '',
  ]);
});
