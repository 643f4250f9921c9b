import { afterAll, beforeAll, describe, it } from 'vitest';
import { casesOf } from './cases/catalogue.ts';
import type { Profile } from './model/feature.ts';
import { openRunner, type RunnerOptions } from './run/case-runner.ts';
import { SuiteRunner } from './run/suite-runner.ts';

/** Which endpoint the tests ask, and how. */
export type SuiteEndpoint = Omit<RunnerOptions, 'profile'>;

export interface SuiteOptions {
  readonly profile: Profile;
  /** Called before the first case, since a server for tests is often started only then. */
  readonly open: () => SuiteEndpoint | Promise<SuiteEndpoint>;
  /** Texts of which a case's id contains one; all cases, if left out. */
  readonly filter?: readonly string[];
  /** Milliseconds that each case has; 60,000 if left out: some wait by themselves, and endpoints may be slow. */
  readonly timeoutMs?: number;
}

/**
 * Registers the cases of a profile as tests of vitest. A case whose features the target does not declare is skipped,
 * and so is a known deviation, with the reason; all others have to pass. What the cases made is removed at the end, and
 * what could not be removed is an error.
 */
export function defineConformanceSuite({ profile, open, filter, timeoutMs = 60_000 }: SuiteOptions): void {
  describe(`conformance: ${profile}`, () => {
    const suite = new SuiteRunner();
    beforeAll(async () => {
      await suite.open(openRunner({ ...(await open()), profile }));
    });
    afterAll(() => suite.close());
    it.for(casesOf(profile, filter))('$id', { timeout: timeoutMs }, async (testCase, { skip }) => {
      const { outcome, problems } = await suite.runner.run(testCase);
      const why = problems.join('\n');
      if (outcome === 'skipped' || outcome === 'deviation') skip(why);
      if (outcome !== 'pass') throw new AggregateError([], why);
    });
  });
}
