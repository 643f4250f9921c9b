import { afterAll, beforeAll, describe, it } from 'vitest';
import { casesOf } from './cases/catalogue.ts';
import type { Profile } from './model/feature.ts';
import { openRunner, type CaseRunner, type RunOptions } from './run/run-conformance.ts';

export interface SuiteOptions extends Omit<RunOptions, 'cases' | 'concurrency' | 'onResult' | 'target'> {
  /** Called before the first case, since a server for tests is often started only then. */
  readonly target: () => RunOptions['target'] | Promise<RunOptions['target']>;
  /** Texts of which a case's id contains one; all cases, if left out. */
  readonly filter?: readonly string[];
}

/**
 * Registers the cases of a profile as tests of vitest. A case whose features the target does not declare is skipped, and
 * so is a known deviation, with the reason; all others have to pass. What the cases made is removed at the end, and what
 * could not be removed is an error.
 */
export function defineConformanceSuite({ target, profile, filter, ...options }: SuiteOptions): void {
  describe(`conformance: ${profile satisfies Profile}`, () => {
    let runner: CaseRunner;
    beforeAll(async () => {
      runner = await openRunner({ ...options, profile, target: await target() });
    });
    afterAll(async () => {
      const left = await runner.close();
      if (left.length > 0) throw new AggregateError([], `The cases left something behind: ${left.join('; ')}`);
    });
    it.each(casesOf(profile, filter).map((testCase) => [testCase.id, testCase] as const))('%s', async (_, testCase) => {
      const { outcome, problems } = await runner.run(testCase);
      if (outcome === 'fail' || outcome === 'error') throw new AggregateError([], problems.join('\n'));
    });
  });
}
