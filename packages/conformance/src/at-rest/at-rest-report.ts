import * as z from 'zod';
import { profileSchema } from '../model/feature.ts';
import { printable } from '../wire/printable.ts';

/**
 * `detected`: an error, or a body that ends early after right bytes only. `wrong bytes`: other bytes than were written
 * came as a success. `unharmed`: all came right. `down`: the server did not start, ended, or hung.
 */
const damageOutcomes = ['detected', 'wrong bytes', 'unharmed', 'down'] as const;
const damageOutcomeSchema = z.enum(damageOutcomes);
export type DamageOutcome = z.infer<typeof damageOutcomeSchema>;

/** `cannot tell`: what was seen proves neither. `information`: nothing is required there. */
const verdicts = ['pass', 'fail', 'cannot tell', 'information'] as const;
const verdictSchema = z.enum(verdicts);
export type Verdict = z.infer<typeof verdictSchema>;

const trialSchema = z.strictObject({
  damage: z.string().describe('what was done to the stored bytes'),
  file: z.string().describe('the file that was read then'),
  outcome: damageOutcomeSchema,
  detail: z.string().describe('what was answered'),
});
export type Trial = z.infer<typeof trialSchema>;

const checkResultSchema = z.strictObject({
  id: z.string(),
  requirement: z.string(),
  source: z.strictObject({
    kind: z.enum(['documentation', 'rfc', 'client', 'observation']),
    name: z.string(),
  }),
  verdict: verdictSchema,
  findings: z.array(z.string()).describe('a sentence each: why the verdict is as it is'),
  trials: z.array(trialSchema),
});
export type CheckResult = z.infer<typeof checkResultSchema>;

/** The report of the tier at rest, as it is written as JSON. */
export const atRestReportSchema = z.strictObject({
  format: z.literal(1),
  tier: z.literal('at-rest'),
  target: z.string(),
  profile: profileSchema,
  run: z.string().describe('of which all contents and keys are made; the same text makes the same ones'),
  started: z.iso.datetime(),
  milliseconds: z.number().min(0),
  starts: z.int().min(0).describe('how often the server was started'),
  counts: z.record(verdictSchema, z.int().min(0)),
  results: z.array(checkResultSchema),
  interrupted: z.boolean(),
});
export type AtRestReport = z.infer<typeof atRestReportSchema>;

/** JSON Schema of the report of the tier at rest. */
export function atRestReportJsonSchema(): object {
  return z.toJSONSchema(atRestReportSchema);
}

/** How many results there are of each verdict. */
export function countVerdicts(results: readonly CheckResult[]): Record<Verdict, number> {
  const counts = { pass: 0, fail: 0, 'cannot tell': 0, information: 0 };
  for (const { verdict } of results) counts[verdict]++;
  return counts;
}

/** Whether something passed, nothing failed, and the run was not interrupted. */
export function holdsAtRest({ counts, interrupted }: AtRestReport): boolean {
  return counts.pass > 0 && counts.fail === 0 && !interrupted;
}

/** The report for a terminal: every check with its verdict, why it is not `pass`, then the counts. */
export function printAtRestSummary(report: AtRestReport): string {
  const { target, profile, results, counts, starts, milliseconds, interrupted } = report;
  const parts = verdicts.filter((verdict) => counts[verdict] > 0).map((verdict) => `${counts[verdict]} ${verdict}`);
  return [
    ...results.flatMap(linesOf),
    ...(interrupted ? ['interrupted: not all damages were tried'] : []),
    `${target}, ${profile}, at rest: ${parts.join(', ') || 'no check'} (${starts} starts, ${seconds(milliseconds)} s)`,
    '',
  ].join('\n');
}

function linesOf({ id, verdict, requirement, findings }: CheckResult): readonly string[] {
  const label = verdict === 'pass' ? 'pass' : verdict.toUpperCase();
  const why = verdict === 'fail' ? [`  ${requirement}`] : [];
  return [`${label} ${id}`, ...why, ...findings.map((finding) => `  ${printable(finding)}`)];
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1);
}
