import * as z from 'zod';
import { sourceKinds } from '../model/case.ts';
import { featureSchema, profileSchema } from '../model/feature.ts';
import { madeThingSchema } from '../model/made-thing.ts';
import { exchangeSchema } from './exchange.ts';

/**
 * `pass` and `fail`: the endpoint did, or did not do, what the case requires. `skipped`: the target does not declare a
 * feature that the case needs. `deviation`: it failed, and the target declares it as known. `error`: the case could not
 * be carried out.
 */
export const outcomes = ['pass', 'fail', 'skipped', 'deviation', 'error'] as const;
const outcomeSchema = z.enum(outcomes);
export type Outcome = z.infer<typeof outcomeSchema>;

const resultSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  requirement: z.string(),
  source: z.strictObject({ kind: z.enum(sourceKinds), name: z.string() }).describe('on what the requirement stands'),
  outcome: outcomeSchema,
  problems: z
    .array(z.string())
    .describe('a sentence each: differences, missing features, or the reason of a deviation'),
  missing: z.array(featureSchema).describe('features that a skipped case needs and the target does not declare'),
  exchanges: z
    .array(exchangeSchema)
    .describe('the last requests and answers of a case that did not pass, without secrets; none of others'),
  milliseconds: z.number().min(0),
});
export type CaseResult = z.infer<typeof resultSchema>;

/** The report of a run, as it is written as JSON. */
export const reportSchema = z.strictObject({
  format: z.literal(1),
  suiteVersion: z.string().describe('version of the suite that the cases are of'),
  target: z.string(),
  profile: profileSchema,
  started: z.iso.datetime(),
  milliseconds: z.number().min(0),
  counts: z.record(outcomeSchema, z.int().min(0)),
  results: z.array(resultSchema),
  notRun: z.int().min(0).describe('how many cases did not run, because the run was interrupted'),
  passedDeviations: z.array(z.string()).describe('ids of cases that pass though a deviation is declared for them'),
  leftBehind: z.array(z.string()).describe('what the run made and could not remove'),
  made: z
    .array(madeThingSchema)
    .describe('what the run made or was about to make, and has not removed; a run that takes this one up removes it'),
});
export type Report = z.infer<typeof reportSchema>;

/** JSON Schema of the report. */
export function reportJsonSchema(): object {
  return z.toJSONSchema(reportSchema);
}

/** How many results there are of each outcome. */
export function countOutcomes(results: readonly CaseResult[]): Record<Outcome, number> {
  const counts = { pass: 0, fail: 0, skipped: 0, deviation: 0, error: 0 };
  for (const { outcome } of results) counts[outcome]++;
  return counts;
}

/**
 * Whether all cases ran, at least one was not skipped, and nothing failed that the target does not declare, also not
 * the removal of what the run made.
 */
export function isConformant(report: Report): boolean {
  const { counts } = report;
  return counts.fail === 0 && counts.error === 0 && problemsOfRun(report).length === 0;
}

/** What is wrong with the run itself, not with one of its cases: a sentence each. */
export function problemsOfRun({ counts, notRun, leftBehind }: Report): readonly string[] {
  const asked = counts.pass + counts.fail + counts.deviation + counts.error;
  return [
    ...(asked > 0 || notRun > 0
      ? []
      : [`nothing was tested: ${counts.skipped === 0 ? 'no case ran' : 'every case was skipped'}`]),
    ...(notRun === 0 ? [] : [`interrupted: ${notRun} cases did not run`]),
    ...leftBehind.map((what) => `left behind: ${what}`),
  ];
}
