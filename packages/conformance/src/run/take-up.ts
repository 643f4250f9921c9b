import type { ConformanceCase } from '../model/case.ts';
import { ConformanceError } from '../model/conformance-error.ts';
import type { Profile } from '../model/feature.ts';
import type { CaseResult, Report } from '../report/report.ts';
import { suiteVersion } from '../report/suite-version.ts';
import { deviationOf, missingFeatures, type Target } from '../target/target.ts';

/**
 * An earlier report with those results that need no second run: passed cases, skipped ones whose feature the target
 * still does not declare, deviations that it still declares, and the results of cases that are not asked for now.
 *
 * @throws ConformanceError `options` if the report is of another target, profile or version of the suite.
 */
export function takeUp(earlier: Report, target: Target, profile: Profile, cases: readonly ConformanceCase[]): Report {
  const differences = [
    difference('target', earlier.target, target.name),
    difference('profile', earlier.profile, profile),
    difference('version of the suite', earlier.suiteVersion, suiteVersion),
  ].flat();
  if (differences.length > 0)
    throw new ConformanceError('options', `The earlier run cannot be taken up: ${differences.join('; ')}.`);
  const asked = new Map(cases.map((testCase) => [testCase.id, testCase]));
  return { ...earlier, results: earlier.results.filter((result) => stays(result, asked.get(result.id), target)) };
}

function difference(what: string, before: string, now: string): readonly string[] {
  return before === now ? [] : [`its ${what} is ${JSON.stringify(before)}, not ${JSON.stringify(now)}`];
}

function stays({ id, outcome }: CaseResult, testCase: ConformanceCase | undefined, target: Target): boolean {
  if (testCase === undefined || outcome === 'pass') return true;
  if (outcome === 'skipped') return missingFeatures(target, testCase.needs).length > 0;
  return outcome === 'deviation' && deviationOf(target, id) !== undefined;
}
