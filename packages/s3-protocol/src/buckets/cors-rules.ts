import { corsMethods, type CorsMethod, type CorsRule as S3CorsRule } from '@coffer/s3-schema';
import type { CorsRule } from '@coffer/storage-ports';

const methodNames = Object.keys(corsMethods) as CorsMethod[];
const operations: ReadonlySet<string> = new Set(Object.values(corsMethods));

/**
 * Names of rules that were set without an id. They are not shown: Terraform takes an id that it has not set for a
 * change.
 */
const generated = (index: number) => `s3-rule-${index + 1}`;
const generatedName = /^s3-rule-\d+$/;
/** Names that a rule may have in the B2 Native API (B2 docs "Cross-Origin Resource Sharing Rules"). */
const possibleName = /^(?!b2-)[A-Za-z0-9-]{6,50}$/;

/** Whether a rule is one of S3: all that it allows is. */
export function isS3Rule({ allowedOperations }: CorsRule): boolean {
  return allowedOperations.length > 0 && allowedOperations.every((operation) => operations.has(operation));
}

/** A rule as S3 shows it, with the part of it that S3 knows; undefined where it allows nothing of S3. */
export function shownRule(rule: CorsRule): S3CorsRule | undefined {
  const allowedMethods = methodNames.filter((method) => rule.allowedOperations.includes(corsMethods[method]));
  if (allowedMethods.length === 0) return undefined;
  return {
    ...(generatedName.test(rule.corsRuleName) ? {} : { id: rule.corsRuleName }),
    allowedOrigins: rule.allowedOrigins,
    allowedMethods,
    allowedHeaders: rule.allowedHeaders ?? [],
    exposeHeaders: rule.exposeHeaders ?? [],
    maxAgeSeconds: rule.maxAgeSeconds,
  };
}

/** The rules of a bucket whose S3 rules are replaced; those that allow operations of the B2 Native API stay. */
export function withS3Rules(before: readonly CorsRule[], rules: readonly S3CorsRule[]): CorsRule[] {
  const kept = before.filter((rule) => !isS3Rule(rule));
  const taken = new Set(kept.map(({ corsRuleName }) => corsRuleName));
  return [...kept, ...rules.map((rule, index) => storedRule(rule, index, taken))];
}

function storedRule(rule: S3CorsRule, index: number, taken: Set<string>): CorsRule {
  const { allowedOrigins, allowedMethods, allowedHeaders, exposeHeaders, maxAgeSeconds = 0 } = rule;
  return {
    corsRuleName: nameFor(rule.id, index, taken),
    allowedOrigins,
    allowedOperations: allowedMethods.map((method) => corsMethods[method]),
    allowedHeaders,
    exposeHeaders,
    maxAgeSeconds,
  };
}

/** The rule's own id where it can be a name and nobody has it, otherwise the first generated one that is free. */
function nameFor(id: string | undefined, index: number, taken: Set<string>): string {
  let name = id !== undefined && possibleName.test(id) && !taken.has(id) ? id : generated(index);
  for (let next = index + 1; taken.has(name); next++) name = generated(next);
  taken.add(name);
  return name;
}
