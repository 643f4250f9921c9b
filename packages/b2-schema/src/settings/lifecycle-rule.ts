import * as z from 'zod';
import { namePrefixField } from '../values/fields.ts';
import { maxLifecycleRules } from '../values/limits.ts';
import { rule } from '../values/rule.ts';

const days = z.int().positive().nullish();

/** One rule in the JSON of a request. */
export const lifecycleRule = z.strictObject({
  fileNamePrefix: namePrefixField,
  daysFromUploadingToHiding: days,
  daysFromHidingToDeleting: days,
  daysFromStartingToCancelingUnfinishedLargeFiles: days,
});

/** A lifecycle rule. Days are positive; null: the rule does not do what the member is for. */
export type LifecycleRule = z.output<typeof lifecycleRule>;

function rulesProblem(rules: readonly LifecycleRule[]): string | undefined {
  if (!rules.every(hasEffect)) return 'A lifecycle rule must give at least one number of days';
  return hasOverlap(rules.map(({ fileNamePrefix }) => fileNamePrefix))
    ? 'The prefix of a lifecycle rule must not begin with that of another'
    : undefined;
}

function hasEffect(value: LifecycleRule): boolean {
  const { daysFromUploadingToHiding, daysFromHidingToDeleting, daysFromStartingToCancelingUnfinishedLargeFiles } =
    value;
  return [daysFromUploadingToHiding, daysFromHidingToDeleting, daysFromStartingToCancelingUnfinishedLargeFiles].some(
    (count) => typeof count === 'number',
  );
}

function hasOverlap(prefixes: string[]): boolean {
  // When sorted, a prefix is directly followed by a text that begins with it, if there is any.
  const sorted = prefixes.toSorted();
  return sorted.some((prefix, index) => sorted[index + 1]?.startsWith(prefix) === true);
}

/** `lifecycleRules` in the JSON of a request (B2 docs "Lifecycle Rules"). */
export const lifecycleRulesField = z
  .array(lifecycleRule)
  .max(maxLifecycleRules, { error: 'A bucket must have no more than 100 lifecycle rules' })
  .check(rule(rulesProblem));

/** A rule in a response: all three numbers are there. */
export const wireLifecycleRule = z.object({
  fileNamePrefix: z.string(),
  daysFromUploadingToHiding: z.number().nullable(),
  daysFromHidingToDeleting: z.number().nullable(),
  daysFromStartingToCancelingUnfinishedLargeFiles: z.number().nullable(),
});

/** The rule as a response shows it. */
export function printLifecycleRule(value: LifecycleRule): z.output<typeof wireLifecycleRule> {
  return {
    fileNamePrefix: value.fileNamePrefix,
    daysFromUploadingToHiding: value.daysFromUploadingToHiding ?? null,
    daysFromHidingToDeleting: value.daysFromHidingToDeleting ?? null,
    daysFromStartingToCancelingUnfinishedLargeFiles: value.daysFromStartingToCancelingUnfinishedLargeFiles ?? null,
  };
}
