import type { ConformanceCase } from '../model/case.ts';
import type { Expectation } from '../model/expectation.ts';
import type { Step } from '../model/step.ts';
import { nameOf } from '../model/step-name.ts';

/** A case in words: what it requires and on what that stands, then its steps and what each has to answer. */
export function explainCase(testCase: ConformanceCase): string {
  const { id, title, requirement, source, profiles, needs, steps } = testCase;
  return [
    `${id}: ${title}`,
    '',
    requirement,
    `Stands on: ${source.name} (${source.kind})`,
    ...(profiles === undefined ? [] : [`Only in: ${profiles.join(', ')}`]),
    ...(needs.length === 0 ? [] : [`Needs: ${needs.join(', ')}`]),
    '',
    ...steps.flatMap((step, index) => linesOf(step, index + 1)),
    '',
  ].join('\n');
}

function linesOf(step: Step, number: number): readonly string[] {
  const { do: _kind, expect = {}, why, name: _name, ...fields } = step;
  return [
    `${number}. ${nameOf(step)}${why === undefined ? '' : ` (${why})`}`,
    ...Object.entries(fields).map(([field, value]) => `     ${field}: ${JSON.stringify(value)}`),
    `   expects ${wishOf(expect)}`,
  ];
}

function wishOf({ status, ...others }: Expectation): string {
  const parts = Object.entries(others).map(([what, value]) => `${what} ${JSON.stringify(value)}`);
  return [status === undefined ? 'success' : `status ${[status].flat().join(' or ')}`, ...parts].join('; ');
}
