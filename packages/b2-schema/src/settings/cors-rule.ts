import * as z from 'zod';
import { maxCorsAgeSeconds, maxCorsRuleBytes, maxCorsRuleEntries, maxCorsRules } from '../values/limits.ts';
import { rule } from '../values/rule.ts';
import { ruleNameProblem } from '../values/rule-name.ts';
import { isWellFormed, utf8Length } from '../values/text.ts';

/** Operations a rule can allow (B2 docs "Cross-Origin Resource Sharing Rules"). */
export const corsOperations = [
  'b2_download_file_by_name',
  'b2_download_file_by_id',
  'b2_upload_file',
  'b2_upload_part',
  's3_delete',
  's3_get',
  's3_head',
  's3_post',
  's3_put',
] as const;
/** An operation that a CORS rule can allow. */
export type CorsOperation = (typeof corsOperations)[number];

const schemeOnly = /^https?$/;
const origin = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^\s/?#@*]*\*?[^\s/?#@*]*$/;
const headerPattern = /^(?:[!#$%&'+\-.^_`|~0-9A-Za-z]+\*?|\*)$/;

function originsProblem(origins: readonly string[]): string | undefined {
  if (origins.includes('*')) {
    return origins.length === 1 ? undefined : "The origin '*' must be the only one of its rule";
  }
  const isGood = origins.every(
    (text) => schemeOnly.test(text) || (origin.test(text) && isWellFormed(text) && !text.endsWith('://')),
  );
  return isGood ? undefined : 'Origins must be *, a scheme, or scheme://host[:port] with at most one *';
}

const headers = z
  .array(z.string())
  .max(maxCorsRuleEntries)
  .nullish()
  .check(
    rule((list) =>
      (list ?? []).every((text) => headerPattern.test(text))
        ? undefined
        : 'CORS headers must be header names, or end with *',
    ),
  );

/** One rule in the JSON of a request. */
export const corsRule = z.strictObject({
  corsRuleName: z.string().check(rule(ruleNameProblem)),
  allowedOrigins: z.array(z.string()).min(1).max(maxCorsRuleEntries).check(rule(originsProblem)),
  allowedOperations: z.array(z.enum(corsOperations)).min(1).max(maxCorsRuleEntries),
  allowedHeaders: headers,
  exposeHeaders: headers,
  maxAgeSeconds: z.int().min(0).max(maxCorsAgeSeconds),
});

/** A CORS rule that keeps all limits. */
export type CorsRule = z.output<typeof corsRule>;

function stringBytes(value: CorsRule): number {
  const lists = [value.allowedOrigins, value.allowedOperations, value.allowedHeaders ?? [], value.exposeHeaders ?? []];
  return [value.corsRuleName, ...lists.flat()].reduce((sum, text) => sum + utf8Length(text), 0);
}

function rulesProblem(rules: readonly CorsRule[]): string | undefined {
  if (new Set(rules.map(({ corsRuleName }) => corsRuleName)).size < rules.length) {
    return 'CORS rule names must be unique in a bucket';
  }
  return rules.some((value) => stringBytes(value) >= maxCorsRuleBytes)
    ? 'A CORS rule must be less than 1000 bytes'
    : undefined;
}

/** `corsRules` in the JSON of a request. The first rule that matches wins. */
export const corsRulesField = z
  .array(corsRule)
  .max(maxCorsRules, { error: 'A bucket must have no more than 100 CORS rules' })
  .check(rule(rulesProblem));

/** A rule in a response: lists that were not given are null. */
export const wireCorsRule = z.object({
  corsRuleName: z.string(),
  allowedOrigins: z.array(z.string()),
  allowedOperations: z.array(z.string()),
  allowedHeaders: z.array(z.string()).nullable(),
  exposeHeaders: z.array(z.string()).nullable(),
  maxAgeSeconds: z.number(),
});

/** The rule as a response shows it. */
export function printCorsRule(value: CorsRule): z.output<typeof wireCorsRule> {
  return { ...value, allowedHeaders: value.allowedHeaders ?? null, exposeHeaders: value.exposeHeaders ?? null };
}
